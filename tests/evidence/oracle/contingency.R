# Cross-tables against R's stats. Where R itself finds a root to four digits only (odds ratios), the same equation is solved here to the end.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
set.seed(20240611)

long <- function(cells) {  # an array to one row a person
  at <- which(array(TRUE, dim(cells)), arr.ind = TRUE)
  at <- at[rep(seq_len(nrow(at)), as.vector(cells)), , drop = FALSE] - 1
  out <- data.frame(row = at[, 1], column = at[, 2])
  if (length(dim(cells)) == 3) out$stratum <- at[, 3]
  out[sample(nrow(out)), , drop = FALSE]
}

# The conditional distribution of the sum of first cells, and what follows from it.
conditional <- function(tables, level = 0.95) {
  log_weight <- 0
  low <- 0
  high <- 0
  seen <- sum(tables[1, 1, ])
  weights <- 1
  for (k in seq_len(dim(tables)[3])) {
    m <- sum(tables[1, , k]); n <- sum(tables[2, , k]); t <- sum(tables[, 1, k])
    from <- max(0, t - n); to <- min(m, t)
    w <- dhyper(from:to, m, n, t)
    weights <- outer(weights, w)
    weights <- as.vector(tapply(weights, row(weights) + col(weights), sum))
    low <- low + from; high <- high + to
  }
  support <- low:high
  at <- function(theta) { d <- log(weights) + theta * (support - seen); d <- exp(d - max(d)); d / sum(d) }
  root <- function(f) suppressWarnings(uniroot(f, c(-60, 60), tol = 1e-15, maxiter = 10000))$root
  tail <- (1 - level) / 2
  list(p = { d <- at(0); sum(d[d <= d[support == seen] * (1 + 1e-7)]) },
       low = if (seen == low) -Inf else root(function(t) log(sum(at(t)[support >= seen])) - log(tail)),
       high = if (seen == high) Inf else root(function(t) log(sum(at(t)[support <= seen])) - log(tail)),
       value = if (low == high) NA else if (seen == low) -Inf else if (seen == high) Inf else root(function(t) sum(at(t) * (support - seen))))
}

fourfold <- function(x, name) {
  got <- ask("contingency", long(x))
  chi <- suppressWarnings(chisq.test(x, correct = FALSE))
  yates <- suppressWarnings(chisq.test(x))
  same(paste(name, "chi-square"), got[["test.Pearson's chi-square test.statistic"]], chi$statistic, absolute = 1e-14)
  same(paste(name, "chi-square p"), got[["test.Pearson's chi-square test.p"]], chi$p.value)
  same(paste(name, "Yates"), got[["test.Pearson's chi-square test with Yates' correction.statistic"]], yates$statistic, absolute = 1e-14)
  same(paste(name, "Yates p"), got[["test.Pearson's chi-square test with Yates' correction.p"]], yates$p.value)
  same(paste(name, "Fisher p"), got[["test.Fisher's exact test.p"]], fisher.test(x)$p.value)
  own <- conditional(array(x, c(2, 2, 1)))
  r <- fisher.test(x)
  same(paste(name, "odds ratio"), got$odds_ratio.value, own$value, absolute = 1e-11)
  same(paste(name, "odds ratio low"), got$odds_ratio.low, own$low, absolute = 1e-11)
  same(paste(name, "odds ratio high"), got$odds_ratio.high, own$high, absolute = 1e-11)
  same(paste(name, "odds ratio (R)"), exp(got$odds_ratio.value), r$estimate, 2e-3)
  for (i in 0:1) for (j in 0:1) {
    ci <- binom.test(x[i + 1, j + 1], sum(x[i + 1, ]))$conf.int
    key <- paste0("proportion.", 2 * i + j)
    same(paste(name, key, "low"), got[[paste0(key, ".low")]], ci[1])
    same(paste(name, key, "high"), got[[paste0(key, ".high")]], ci[2])
  }
}
fourfold(matrix(c(3, 1, 1, 3), 2), "lady tasting tea")
fourfold(matrix(c(10, 2, 3, 15), 2), "Convictions")
fourfold(matrix(c(0, 5, 7, 4), 2), "an empty cell")
fourfold(matrix(c(900, 1100, 1040, 870), 2), "thousands")
fourfold(matrix(c(1, 0, 0, 1), 2), "two people")
for (i in 1:60) {
  repeat { x <- matrix(rpois(4, sample(c(1, 4, 20, 200), 1) * runif(4, 0.1, 2)), 2); if (all(rowSums(x) > 0, colSums(x) > 0)) break }
  fourfold(x, paste("2 x 2", i))
}

# All tables with the margins, by recursion: the definition itself.
by_definition <- function(x) {
  r <- rowSums(x); obs <- sum(-lfactorial(x)); total <- 0; hit <- 0
  const <- sum(lfactorial(r)) + sum(lfactorial(colSums(x))) - lfactorial(sum(x))
  column <- function(left, j, weight) {
    if (j == ncol(x)) {
      w <- weight - sum(lfactorial(left))
      total <<- total + exp(w + const)
      if (w <= obs + 1e-7) hit <<- hit + exp(w + const)
      return(invisible())
    }
    cell <- function(i, open, y) {
      if (i == length(left)) { if (open <= left[i]) { y[i] <- open; column(left - y, j + 1, weight - sum(lfactorial(y))) }; return(invisible()) }
      for (v in 0:min(left[i], open)) { y[i] <- v; cell(i + 1, open - v, y) }
    }
    cell(1, sum(x[, j]), integer(length(left)))
  }
  column(r, 1, 0)
  stopifnot(abs(total - 1) < 1e-9)
  hit
}
for (i in 1:40) {
  dims <- list(c(3, 2), c(2, 4), c(3, 3), c(4, 3), c(2, 7))[[i %% 5 + 1]]
  repeat { x <- matrix(rpois(prod(dims), c(1, 2)[i %% 2 + 1]), dims[1]); if (all(rowSums(x) > 0, colSums(x) > 0)) break }
  got <- ask("contingency", long(x), rows = dims[1], columns = dims[2])
  name <- paste("r x c", i)
  chi <- suppressWarnings(chisq.test(x))
  same(paste(name, "chi-square"), got[["test.Pearson's chi-square test.statistic"]], chi$statistic, absolute = 1e-14)
  same(paste(name, "chi-square p"), got[["test.Pearson's chi-square test.p"]], chi$p.value)
  same(paste(name, "Fisher p (R)"), got[["test.Fisher's exact test.p"]], fisher.test(x)$p.value, 1e-6)
  if (sum(x) <= 20) same(paste(name, "Fisher p"), got[["test.Fisher's exact test.p"]], by_definition(x))
}
job <- matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4)
same("job satisfaction", ask("contingency", long(job), rows = 4, columns = 4)[["test.Fisher's exact test.p"]], fisher.test(job)$p.value, 1e-6)

# Breslow-Day and Tarone from the papers, by a root of the defining equation.
breslow_day <- function(x) {
  keep <- apply(x, 3, function(t) all(rowSums(t) > 0, colSums(t) > 0))
  x <- x[, , keep, drop = FALSE]
  n <- apply(x, 3, sum)
  or <- sum(x[1, 1, ] * x[2, 2, ] / n) / sum(x[1, 2, ] * x[2, 1, ] / n)
  parts <- apply(x, 3, function(t) {
    r <- sum(t[1, ]); s <- sum(t[2, ]); k <- sum(t[, 1])
    f <- function(a) log(a) + log(s - k + a) - log(r - a) - log(k - a) - log(or)
    low <- max(0, k - s); high <- min(r, k)
    a <- uniroot(f, c(low + 1e-13 * (high - low), high - 1e-13 * (high - low)), tol = 1e-15, maxiter = 10000)$root
    c(t[1, 1] - a, 1 / (1 / a + 1 / (s - k + a) + 1 / (r - a) + 1 / (k - a)))
  })
  bd <- sum(parts[1, ]^2 / parts[2, ])
  c(bd, bd - sum(parts[1, ])^2 / sum(parts[2, ]), ncol(parts) - 1)
}
stratified <- function(x, name) {
  got <- ask("contingency", long(x), strata = dim(x)[3])
  full <- apply(x, 3, function(t) sum(t) >= 2)
  kept <- x[, , full, drop = FALSE]
  for (correct in c(TRUE, FALSE)) {
    r <- mantelhaen.test(kept, correct = correct)
    key <- paste0("test.Cochran-Mantel-Haenszel test", if (correct) " with continuity correction" else "")
    same(paste(name, key), got[[paste0(key, ".statistic")]], r$statistic, absolute = 1e-13)
    same(paste(name, key, "p"), got[[paste0(key, ".p")]], r$p.value, absolute = 1e-13)
  }
  if (is.finite(r$estimate) && r$estimate > 0) {
    same(paste(name, "common odds ratio"), exp(got$common_odds_ratio.value), r$estimate)
    same(paste(name, "common odds ratio low"), exp(got$common_odds_ratio.low), r$conf.int[1])
    same(paste(name, "common odds ratio high"), exp(got$common_odds_ratio.high), r$conf.int[2])
    bd <- breslow_day(kept)
    same(paste(name, "Breslow-Day"), got[["test.Breslow-Day test.statistic"]], bd[1], absolute = 1e-11)
    same(paste(name, "Tarone"), got[["test.Breslow-Day test with Tarone's correction.statistic"]], max(0, bd[2]), absolute = 1e-11)
    same(paste(name, "Tarone p"), got[["test.Breslow-Day test with Tarone's correction.p"]], pchisq(max(0, bd[2]), bd[3], lower.tail = FALSE), absolute = 1e-11)
  }
  exact <- mantelhaen.test(kept, exact = TRUE)
  same(paste(name, "exact p"), got[["test.Exact conditional test of independence in strata.p"]], exact$p.value)
  own <- conditional(kept)
  same(paste(name, "exact odds ratio"), got$conditional_odds_ratio.value, own$value, absolute = 1e-11)
  same(paste(name, "exact low"), got$conditional_odds_ratio.low, own$low, absolute = 1e-11)
  same(paste(name, "exact high"), got$conditional_odds_ratio.high, own$high, absolute = 1e-11)
}
stratified(UCBAdmissions, "Berkeley")
for (i in 1:40) {
  k <- sample(2:6, 1)
  repeat {
    x <- array(rpois(4 * k, sample(c(1.5, 5, 30), 1)), c(2, 2, k))
    if (sum(apply(x, 3, function(t) all(rowSums(t) > 0, colSums(t) > 0))) >= 2) break
  }
  stratified(x, paste("strata", i))
}
for (i in 1:30) {
  dims <- list(c(3, 2, 3), c(2, 4, 2), c(3, 3, 4), c(4, 4, 5))[[i %% 4 + 1]]
  x <- array(rpois(prod(dims), sample(c(3, 20), 1)) + (runif(prod(dims)) < 0.5), dims)
  if (any(apply(x, 1, sum) == 0) || any(apply(x, 2, sum) == 0) || any(apply(x, 3, sum) < 2)) next
  got <- ask("contingency", long(x), rows = dims[1], columns = dims[2], strata = dims[3])
  r <- mantelhaen.test(x)
  same(paste("generalised", i), got[["test.Generalised Cochran-Mantel-Haenszel test.statistic"]], r$statistic)
  same(paste("generalised p", i), got[["test.Generalised Cochran-Mantel-Haenszel test.p"]], r$p.value)
}

# What cannot be computed says so.
expect("one row", !any(grepl("^test", names(ask("contingency", data.frame(row = c(0, 0, 0), column = c(0, 1, 1)))))))
expect("nobody", ask("contingency", data.frame(row = 5, column = 5))$error == "not_computable")
finish()
