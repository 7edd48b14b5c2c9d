# needs: survival cmprsk
# Time-to-event statistics against R's survival and cmprsk on many random data sets, and on the data sets of the survival package.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
suppressMessages({ library(survival); library(cmprsk) })
set.seed(20260711)
control <- suppressWarnings(coxph.control(eps = 1e-15, iter.max = 100))
# Keys of one pattern, in the order of the tool.
pick <- function(got, pattern) unlist(got[grepl(pattern, names(got))], use.names = FALSE)
all_same <- function(what, got, want, ...) {
  if (length(got) != length(want)) return(expect(sprintf("%s: %d numbers instead of %d", what, length(got), length(want)), FALSE))
  for (i in seq_along(want)) same(sprintf("%s [%d]", what, i), got[[i]], want[[i]], ...)
}

curves <- function(d, name) {
  outcome <- if (is.null(d$entry)) Surv(d$exit, d$cause == 1) else Surv(d$entry, d$exit, d$cause == 1)
  for (interval in c("plain", "log", "log-log", "logit", "arcsin")) {
    fit <- survfit(outcome ~ group, d, conf.type = interval, weights = if (is.null(d$weight)) NULL else weight,
                   robust = !is.null(d$weight), timefix = FALSE)
    got <- ask("kaplan_meier", d, interval = interval, until = floor(max(d$exit) / 2))
    of <- rep(seq_along(fit$strata) - 1, fit$strata)
    key <- sprintf("group.%d.%d", of, as.integer(fit$time))
    scale <- if (fit$logse) fit$surv else 1
    open <- fit$surv > 1e-12
    for (i in seq_along(key)) {
      if (fit$n.event[i] + fit$n.censor[i] == 0) next
      same(paste(name, interval, key[i], "survival"), got[[paste0(key[i], ".survival")]], if (open[i]) fit$surv[i] else 0, 1e-12)
      if (!open[i]) next
      same(paste(name, interval, key[i], "error"), got[[paste0(key[i], ".standard_error")]], (fit$std.err * scale)[i], 1e-11, 1e-15)
      if (fit$surv[i] >= 1) next
      same(paste(name, interval, key[i], "low"), got[[paste0(key[i], ".low")]], fit$lower[i], 1e-10, 1e-14)
      same(paste(name, interval, key[i], "high"), got[[paste0(key[i], ".high")]], fit$upper[i], 1e-11)
      same(paste(name, interval, key[i], "hazard"), got[[paste0(key[i], ".cumulative_hazard")]], fit$cumhaz[i], 1e-12)
    }
  }
}

ranks <- function(d, name) {
  for (rho in c(0, 0.5, 1)) {
    formula <- if (is.null(d$stratum)) Surv(exit, cause == 1) ~ group else Surv(exit, cause == 1) ~ group + strata(stratum)
    want <- tryCatch(suppressWarnings(survdiff(formula, d, rho = rho)), error = function(e) NULL)
    got <- ask("logrank", d, rho = rho, exact = "never")
    if (is.null(want) || !is.null(got$error)) next
    same(paste(name, "G-rho", rho), got$statistic, want$chisq, 1e-11, 1e-13)
  }
}

incidence <- function(d, name) {
  fit <- survfit(Surv(exit, factor(cause, 0:2)) ~ group, d)
  got <- ask("cuminc", d)
  of <- rep(seq_along(fit$strata) - 1, fit$strata)
  for (cause in 1:2) for (i in seq_along(fit$time)) {
    key <- sprintf("group.%d.cause.%d.%d", of[i], cause, as.integer(fit$time[i]))
    same(paste(name, key), got[[paste0(key, ".incidence")]], fit$pstate[i, cause + 1], 1e-12, 1e-16)
    same(paste(name, key, "error"), got[[paste0(key, ".standard_error")]], fit$std.err[i, cause + 1], 1e-9, 1e-12)
  }
  for (rho in c(0, 1)) {
    strata <- if (is.null(d$stratum)) rep(1, nrow(d)) else d$stratum
    want <- cuminc(d$exit, d$cause, d$group, strata, rho = rho)$Tests
    for (cause in intersect(1:2, rownames(want))) {
      value <- want[as.character(cause), 1]
      if (is.finite(value) && value > 0) same(paste(name, "Gray", cause, rho), ask("gray", d, cause = cause, rho = rho)$statistic, value, 1e-9)
    }
  }
}

regression <- function(d, name, check = "km") {
  covariates <- grep("^x", names(d), value = TRUE)
  outcome <- if (is.null(d$entry)) Surv(d$exit, d$cause == 1) else Surv(d$entry, d$exit, d$cause == 1)
  formula <- as.formula(paste("outcome ~", paste(covariates, collapse = "+"), if (!is.null(d$stratum)) "+ strata(stratum)",
                              if (!is.null(d$offset)) "+ offset(offset)"))
  for (ties in c("efron", "breslow")) {
    warned <- FALSE
    fit <- withCallingHandlers(
      coxph(formula, d, ties = ties, control = control, weights = if (is.null(d$weight)) NULL else weight, robust = FALSE),
      warning = function(w) { warned <<- warned || grepl("infinite|singular|Ran out", conditionMessage(w)) ; invokeRestart("muffleWarning") })
    got <- ask("cox", d, ties = ties, check = check, parts = 3, threads = 2)
    if (is.null(got$error) && is.null(got[["coefficient.0.infinite"]]) && !anyNA(coef(fit)) && all(abs(coef(fit)) * apply(d[covariates], 2, sd) < 8)) {
      # R's last step may be short of the end: one more from there.
      fit <- suppressWarnings(coxph(formula, d, ties = ties, control = control, weights = if (is.null(d$weight)) NULL else weight, robust = FALSE,
                                    init = coef(fit)))
      null <- suppressWarnings(coxph(formula, d, ties = ties, control = coxph.control(iter.max = 0), robust = FALSE,
                                     weights = if (is.null(d$weight)) NULL else weight))
      error <- sqrt(diag(vcov(fit)))
      for (j in seq_along(covariates)) {
        same(paste(name, ties, covariates[j]), got[[sprintf("coefficient.%d.value", j - 1)]], coef(fit)[[j]], 1e-12, 1e-13 * error[j])
        same(paste(name, ties, covariates[j], "error"), got[[sprintf("coefficient.%d.standard_error", j - 1)]], error[[j]], 1e-12)
      }
      same(paste(name, ties, "likelihood"), got$log_likelihood, fit$loglik[2], 1e-12)
      same(paste(name, ties, "null"), got$log_likelihood_null, null$loglik[1], 1e-12)
      same(paste(name, ties, "score"), got$score, null$score, 1e-10, 1e-12)
      zph <- tryCatch(cox.zph(fit, transform = check)$table[, 1], error = function(e) NULL)
      if (!is.null(zph)) all_same(paste(name, ties, "zph"), pick(got, "^proportional.*statistic$"), zph, 1e-8, 1e-10)
      influence <- as.matrix(residuals(fit, "dfbeta", weighted = TRUE))
      if (!is.null(d$person)) influence <- rowsum(influence, d$person)
      robust <- sqrt(diag(crossprod(influence)))
      sandwich <- ask("cox", d, ties = ties, robust = "true", parts = 2)
      all_same(paste(name, ties, "robust"), pick(sandwich, "robust_error$"), robust, 1e-9)
    }
  }
}

# Firth's estimate: where the gradient of the penalised likelihood, by differences of R's own likelihood and information, is 0.
firth <- function(d, name) {
  covariates <- grep("^x", names(d), value = TRUE)
  formula <- as.formula(paste("Surv(exit, cause == 1) ~", paste(covariates, collapse = "+")))
  penalised <- function(b) {
    fit <- suppressWarnings(coxph(formula, d, init = b, control = coxph.control(iter.max = 0)))
    fit$loglik[2] - as.numeric(determinant(as.matrix(vcov(fit)))$modulus) / 2
  }
  if (!isTRUE(is.finite(tryCatch(penalised(rep(0, length(covariates))), error = function(e) NA)))) return()
  best <- optim(rep(0, length(covariates)), penalised, method = "BFGS", control = list(fnscale = -1, reltol = 1e-15, maxit = 1000))
  got <- ask("cox", d, firth = "true")
  if (!is.null(got$error)) return(expect(paste(name, got$message), FALSE))
  values <- sapply(seq_along(covariates) - 1, function(j) got[[sprintf("coefficient.%d.value", j)]])
  expect(paste(name, "Firth is at the top"), penalised(values) >= best$value - 1e-9)
  same(paste(name, "Firth likelihood"), got$log_likelihood, best$value, 1e-9, 1e-9)
  all_same(paste(name, "Firth"), values, best$par, 1e-4, 1e-4)
}

for (trial in 1:30) {
  n <- sample(c(12, 40, 150, 500), 1)
  spread <- sample(c(2, 10, 60), 1)
  d <- data.frame(exit = 1 + rgeom(n, 1 / spread), cause = sample(0:2, n, TRUE, c(2, 2, 1)), group = rep_len(0:2, n))
  late <- d
  late$entry <- sample(0:spread, n, TRUE)
  late$exit <- late$exit + late$entry
  name <- paste("trial", trial)
  weighted <- d
  weighted$weight <- 10^runif(n, -1, 1)
  curves(d, name)
  curves(late, paste(name, "late"))
  curves(weighted, paste(name, "weighted"))
  ranks(d, name)
  ranks(cbind(d, stratum = sample(0:1, n, TRUE)), paste(name, "strata"))
  incidence(d, name)
  model <- late
  model$group <- NULL
  model$x1 <- rnorm(n, 1950, 15)
  model$x2 <- rbinom(n, 1, 0.4)
  if (trial %% 2) model$x3 <- rexp(n)
  if (trial %% 3 == 0) model$stratum <- sample(0:2, n, TRUE)
  if (trial %% 4 == 0) model$weight <- 10^runif(n, -6, 6)
  if (trial %% 5 == 0) model$offset <- rnorm(n)
  if (trial %% 2 == 0) model$entry <- NULL
  regression(model, paste(name, "Cox"), sample(c("km", "identity", "rank"), 1))
  if (n <= 40) firth(data.frame(exit = d$exit, cause = d$cause, x1 = round(rnorm(n), 2), x2 = rbinom(n, 1, 0.5)), paste(name, "Firth"))
}

people <- do.call(rbind, lapply(0:79, function(i) {
  from <- sample(0:3, 1)
  to <- from + sort(sample(1:40, 1 + rpois(1, 2)))
  k <- length(to)
  data.frame(person = i, entry = c(from, to[-k]), exit = to, cause = c(rep(1, k - 1), rbinom(1, 1, 0.3)), group = i %% 2, x1 = rnorm(k), x2 = i %% 3)
}))
got <- ask("mean_cumulative", people)
for (g in 0:1) {
  fit <- survfit(Surv(entry, exit, cause) ~ 1, people[people$group == g, ], id = person, cluster = person)
  all_same("mean cumulative", pick(got, sprintf("^group.%d.*mean$", g)), fit$cumhaz[fit$n.event > 0], 1e-12)
  all_same("mean cumulative error", pick(got, sprintf("^group.%d.*standard_error$", g)), fit$std.chaz[fit$n.event > 0], 1e-9)
}
regression(people[setdiff(names(people), "group")], "recurrent, by person", "identity")

# Exact permutation log-rank, by dealing out the groups in every way.
for (trial in 1:5) {
  d <- data.frame(exit = sample(1:6, 9, TRUE), cause = c(1, rbinom(8, 1, 0.7)), group = c(0, 0, 0, 0, 1, 1, 1, 1, 1))
  distance <- function(g) { fit <- survdiff(Surv(d$exit, d$cause) ~ g); abs(fit$obs[1] - fit$exp[1]) }
  far <- distance(d$group)
  all <- combn(9, 4, function(k) distance(ifelse(seq_len(9) %in% k, 0, 1)))
  same("permutation", ask("logrank", d)$p, mean(all >= far - 1e-9), 1e-10)
}

# The package's own data sets; complete cases, covariates as they are.
take <- function(time, event, ..., group = NULL, entry = NULL) {
  d <- data.frame(exit = as.integer(time), cause = as.integer(event))
  x <- list(...)
  for (j in seq_along(x)) d[[paste0("x", j)]] <- as.numeric(x[[j]])
  if (!is.null(entry)) d$entry <- as.integer(entry)
  if (!is.null(group)) d$group <- as.integer(group)
  d[complete.cases(d) & d$exit > (if (is.null(d$entry)) 0 else d$entry), ]
}
regression(take(lung$time, lung$status == 2, lung$age, lung$sex, lung$ph.ecog), "lung")
regression(take(veteran$time, veteran$status, veteran$trt, veteran$karno, veteran$age), "veteran", "identity")
regression(take(ovarian$futime, ovarian$fustat, ovarian$age, ovarian$rx), "ovarian")
regression(cbind(take(kidney$time, kidney$status, kidney$age, kidney$sex), person = kidney$id), "kidney")
regression(take(pbc$time, pbc$status == 2, pbc$age, log(pbc$bili), pbc$edema, pbc$albumin), "pbc", "rank")
death <- subset(colon, etype == 2)
regression(take(death$time, death$status, death$age, death$sex, death$nodes, death$extent), "colon")
regression(cbind(take(bladder2$stop, bladder2$event, bladder2$rx, bladder2$size, bladder2$number, entry = bladder2$start),
                 person = bladder2$id[bladder2$stop > bladder2$start]), "bladder")
regression(cbind(take(cgd$tstop, cgd$status, as.integer(cgd$treat), cgd$age, entry = cgd$tstart), person = cgd$id), "cgd")
plasma <- with(mgus2, data.frame(exit = pmax(1, ptime), cause = ifelse(pstat == 1, 1, ifelse(death == 1, 2, 0)), group = as.integer(sex == "M")))
incidence(plasma, "mgus2")
curves(take(lung$time, lung$status == 2, group = lung$sex - 1), "lung")
ranks(take(lung$time, lung$status == 2, group = lung$sex - 1), "lung")
finish()
