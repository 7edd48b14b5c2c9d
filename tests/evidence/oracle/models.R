# needs: MASS lme4 sandwich nlme
# Random data sets, awkward ones among them: years as covariates, values of 1e6 and 1e-4, offsets, weights of 0, few people, strong effects.
# The reference is what ../golden_models.R takes from R. SKERRY_ORACLE_COUNT data sets a model (20), from SKERRY_ORACLE_SEED (1).
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1]))
source(file.path(here, "oracle.R"))
only_functions <- TRUE
source(file.path(here, "..", "golden_models.R"))
set.seed(as.integer(Sys.getenv("SKERRY_ORACLE_SEED", "1")))

# The functions of golden_models.R tell their data and values to these.
said <- list()
table <- NULL
keep <- function(case, y, x, offset = NULL, weight = NULL, cluster = NULL) {
  table <<- c(list(y = y), setNames(lapply(seq_len(ncol(x)), function(j) x[, j]), paste0("x", seq_len(ncol(x)))))
  if (!is.null(offset)) table$offset <<- offset
  if (!is.null(weight)) table$weight <<- weight
  if (!is.null(cluster)) table$cluster <<- cluster
}
say <- function(case, model, quantity, value) {
  said[[quantity]] <<- as.numeric(value)
  attr(said, "model") <<- model
}
key_of <- function(quantity) {
  if (grepl("^(b|se|robust|low|high)[0-9]+$", quantity)) {
    field <- c(b = "value", se = "standard_error", robust = "robust_error", low = "low", high = "high")[[sub("[0-9]+$", "", quantity)]]
    paste0("b", sub("^[a-z]+", "", quantity), ".", field)
  } else quantity
}
compare <- function(model, n) {
  exact <- attr(said, "model")
  got <- ask(model, table, robust = if (model %in% c("logistic", "poisson")) "true" else "false", parts = sample(1:5, 1), threads = sample(1:2, 1),
             tests = if (is.null(said$lr1)) "false" else "true", method = if (exact == "mixed_ml") "ml" else "reml")
  for (quantity in names(said)) {
    number <- sub("^[a-z_]+", "", quantity)
    error <- said[[paste0("se", number)]]
    scale <- if (grepl("^(b|low|high)[0-9]+$", quantity) && !is.null(error)) error else if (quantity == "between") said$residual
             else if (grepl("^se|^robust|theta|residual", quantity)) 0 else 1
    relative <- if (model == "logistic" && !grepl("robust", quantity)) 1e-12 else 1e-9
    same(paste(model, "of", n, "rows:", quantity), got[[key_of(quantity)]], said[[quantity]], relative, relative * scale)
  }
}

random <- function(count) {
  covariates <- function(n, p) {
    x <- matrix(0, n, p)
    for (j in seq_len(p)) x[, j] <- switch(sample(5, 1), rnorm(n), rbinom(n, 1, runif(1, 0.2, 0.8)), 2000 + round(runif(n, 0, 25)),
                                           1e6 * rexp(n), 1e-4 * rnorm(n) + 3e-4)
    x
  }
  fine <- function(x) all(apply(x, 2, sd) > 0) && qr(cbind(1, scale(x)))$rank == ncol(x) + 1
  done <- c(logistic = 0, poisson = 0, firth = 0, negative_binomial = 0, mixed = 0)
  while (any(done < count)) {
    model <- names(which.min(done))
    n <- sample(c(12, 25, 60, 200, 1000), 1); p <- sample(1:4, 1); x <- covariates(n, p)
    if (!fine(x)) next
    eta <- drop(scale(x) %*% rnorm(p, sd = sample(c(0.3, 1, 2.5), 1)))
    offset <- if (runif(1) < 0.3) rnorm(n, if (model %in% c("poisson", "negative_binomial")) 3 else 0) else NULL
    weight <- if (runif(1) < 0.3) sample(0:3, n, TRUE) * runif(1, 0.5, 2) + 0.25 * rbinom(n, 1, 0.5) else NULL
    at <- eta + filled(offset, n, 0)
    said <<- list(); table <<- NULL
    fitted <- try(suppressWarnings(switch(model,
      logistic = {
        y <- rbinom(n, 1, plogis(at + 0.3)); seen <- filled(weight, n, 1) > 0
        stopifnot(length(unique(y[seen])) == 2, qr(cbind(1, scale(x[seen, , drop = FALSE])))$rank == p + 1, sum(seen) > p + 2)
        f <- glm(y ~ x, binomial, weights = weight, offset = offset, control = glm.control(1e-15, 100))
        stopifnot(max(abs(predict(f)[seen] - filled(offset, n, 0)[seen])) < 25, max(sqrt(diag(vcov(f))) * c(1, apply(x, 2, sd))) < 500)
        regression(paste0("logistic", done[model]), model, y, x, offset, weight)
      },
      firth = {
        stopifnot(n <= 200, n >= 20 * p); y <- rbinom(n, 1, plogis(eta)); stopifnot(length(unique(y)) == 2)
        firth(paste0("firth", done[model]), y, x)
      },
      poisson = {
        y <- rpois(n, exp(pmin(at * 0.5, 12))); stopifnot(sum(y > 0) > p + 2)
        f <- glm(y ~ x, poisson, weights = weight, offset = offset, control = glm.control(1e-15, 100))
        stopifnot(f$converged, min(predict(f)) > -20, sum((y > 0) & filled(weight, n, 1) > 0) > p + 3, sum(filled(weight, n, 1) > 0) > p + 3)
        regression(paste0("poisson", done[model]), model, y, x, offset, weight, cluster = if (runif(1) < 0.5) rep(seq_len(n), each = 3)[seq_len(n)] else NULL)
      },
      negative_binomial = {
        stopifnot(n >= 60); y <- rnbinom(n, size = runif(1, 0.4, 5), mu = exp(pmin(1 + eta * 0.5, 8)))
        negative_binomial(paste0("negative_binomial", done[model]), y, x)
      },
      mixed = {
        stopifnot(n >= 25); cluster <- sort(sample(seq_len(max(5, n %/% 5)), n, TRUE)); cluster <- cluster[order(match(cluster, sample(unique(cluster))))]
        y <- eta + rnorm(max(cluster), sd = sample(c(0, 0.1, 1, 5), 1))[cluster] + rnorm(n); y <- y * sample(c(1, 1e4, 1e-3), 1) + sample(c(0, 100), 1)
        mixed(paste0("mixed", done[model]), y, x, cluster, runif(1) < 0.5)
      })), silent = TRUE)
    if (inherits(fitted, "try-error")) next
    done[model] <- done[model] + 1
    compare(model, n)
  }
}


# Weights by glm, and the difference of weighted means with its sandwich error.
weights <- function() {
  n <- sample(c(60, 300, 1000), 1); groups <- sample(2:3, 1); x <- cbind(2000 + round(rnorm(n, sd = 9)), rbinom(n, 1, 0.4))
  y <- apply(cbind(0, sapply(seq_len(groups - 1), function(g) drop(scale(x) %*% rnorm(2, sd = 0.5)))), 1, function(l) sample(seq_len(groups), 1, prob = exp(l))) - 1
  outcome <- rnorm(n) + y + drop(scale(x) %*% c(1, -1))
  in_group <- sapply(seq_len(groups) - 1, function(g) fitted(glm(as.numeric(y == g) ~ x, binomial, control = tight)))
  p <- (in_group / rowSums(in_group))[cbind(seq_len(n), y + 1)]
  w <- tabulate(y + 1, groups)[y + 1] / n / p
  got <- ask("ipw", list(y = y, x1 = x[, 1], x2 = x[, 2], outcome = outcome), groups = groups, parts = sample(1:4, 1))
  m <- sapply(split(seq_len(n), y), function(i) weighted.mean(outcome[i], w[i]))
  v <- sapply(split(seq_len(n), y), function(i) sum(w[i]^2 * (outcome[i] - weighted.mean(outcome[i], w[i]))^2) / sum(w[i])^2)
  for (g in seq_len(groups)) {
    same("effective size", got[[sprintf("group.%d.effective", g - 1)]], sum(w[y == g - 1])^2 / sum(w[y == g - 1]^2))
    same("weighted mean", got[[sprintf("mean.%d.value", g - 1)]], m[g], 1e-9, 1e-9)
    if (g > 1) same("difference", got[[sprintf("difference.%d.value", g - 1)]], m[g] - m[1], 1e-9, 1e-9)
    if (g > 1) same("its error", got[[sprintf("difference.%d.robust_error", g - 1)]], sqrt(v[g] + v[1]))
  }
}

for (i in 1:8) weights()
random(as.integer(Sys.getenv("SKERRY_ORACLE_COUNT", "20")))
finish()
