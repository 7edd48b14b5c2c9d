# Reference values of the regression models by R. Usage: Rscript golden_models.R OUTPUT_DIRECTORY
# Data sets that come with R, MASS, lme4 and nlme, and a few made ones; what stands in golden/models. Writes NAME.csv (y, offset, weight, cluster,
# covariates) and expected.csv (case, model, quantity, value). oracle/models.R takes its functions for random data sets.
#
# glm() stops when the deviance no longer changes and gives standard errors of the round before its last step, which leaves them up to 1e-7
# away from those at the estimate. So every fit is started once more from its own estimate here. lmer() and glm.nb() stop earlier still; their
# estimates are taken on to where the derivative is zero (below), and compared with what the functions gave.
suppressMessages({library(MASS); library(lme4); library(sandwich)})
arguments <- commandArgs(trailingOnly = TRUE)
out <- arguments[1]
number <- function(x) sprintf("%.17g", x)
lines <- "case,model,quantity,value"
say <- function(case, model, quantity, value) lines <<- c(lines, paste(case, model, quantity, number(as.numeric(value)), sep = ","))
tight <- glm.control(epsilon = 1e-15, maxit = 100)

keep <- function(case, y, x, offset = NULL, weight = NULL, cluster = NULL) {
  n <- length(y)
  d <- data.frame(y = number(y), offset = number(if (is.null(offset)) rep(0, n) else offset),
                  weight = number(if (is.null(weight)) rep(1, n) else weight), cluster = if (is.null(cluster)) 0 else as.integer(cluster))
  for (j in seq_len(ncol(x))) d[[paste0("x", j)]] <- number(x[, j])
  write.csv(d, file.path(out, paste0(case, ".csv")), row.names = FALSE, quote = FALSE)
}
coefficients_of <- function(case, model, b, se, robust = NULL) {
  for (j in seq_along(b)) {
    say(case, model, paste0("b", j - 1), b[j]); say(case, model, paste0("se", j - 1), se[j])
    if (!is.null(robust)) say(case, model, paste0("robust", j - 1), robust[j])
  }
}
fit_of <- function(y, x, family, offset, weight) {
  d <- data.frame(y = y); d$x <- x; d$o <- offset; d$w <- weight
  what <- if (ncol(x) > 0) y ~ x else y ~ 1
  f <- suppressWarnings(glm(what, family = family, data = d, offset = o, weights = w, control = tight))
  suppressWarnings(glm(what, family = family, data = d, offset = o, weights = w, start = coef(f), control = tight))
}
filled <- function(v, n, with) if (is.null(v)) rep(with, n) else v

regression <- function(case, model, y, x, offset = NULL, weight = NULL, cluster = NULL, tests = FALSE) {
  keep(case, y, x, offset, weight, cluster)
  n <- length(y); o <- filled(offset, n, 0); w <- filled(weight, n, 1)
  f <- fit_of(y, x, if (model == "logistic") binomial() else poisson(), o, w)
  # sandwich() of a glm; written out, for sandwich takes weights of 0 and others as its own.
  # By QR of the weighted design, for conditioning.
  X <- cbind(1, x); V <- vcov(f); v <- sqrt(w * family(f)$variance(fitted(f))); QR <- qr(X * v)
  r <- (w * (y - fitted(f))) * t(solve(t(qr.R(QR)), t(X[, QR$pivot]))) # rows of X R^-1
  if (!is.null(cluster)) r <- rowsum(r, cluster, reorder = FALSE)
  robust <- numeric(ncol(X)); robust[QR$pivot] <- sqrt(rowSums((backsolve(qr.R(QR), t(qr.R(qr(r)))))^2))
  if (is.null(weight)) {
    theirs <- if (is.null(cluster)) sandwich(f) else vcovCL(f, cluster = cluster, type = "HC0", cadjust = FALSE)
    stopifnot(max(abs(sqrt(diag(theirs)) / robust - 1)) < 1e-6)
  }
  coefficients_of(case, model, coef(f), sqrt(diag(V)), robust)
  say(case, model, "deviance", deviance(f))
  zero <- suppressWarnings(glm(y ~ 1, family = family(f), offset = o, weights = w, control = tight))
  say(case, model, "null_deviance", deviance(zero))
  say(case, model, "pearson", sum(w * (y - fitted(f))^2 / family(f)$variance(fitted(f))))
  mass <- if (model == "logistic") ifelse(y == 1, log(fitted(f)), log1p(-fitted(f))) else dpois(y, fitted(f), log = TRUE)
  say(case, model, "log_likelihood", sum(w * mass))
  if (tests) for (j in seq_len(ncol(x))) {
    less <- fit_of(y, x[, -j, drop = FALSE], family(f), o, w)
    say(case, model, paste0("lr", j), deviance(less) - deviance(f))
  }
}

# Firth by its own definition: hat values of the weighted design, and the penalised likelihood for tests and intervals.
penalised <- function(y, X, b, o, w) {
  eta <- drop(X %*% b) + o
  p <- plogis(eta)
  sum(w * ifelse(y == 1, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) + as.numeric(determinant(crossprod(X * sqrt(w * p * (1 - p))))$modulus) / 2
}
firth_fit <- function(y, X, o, w, free = seq_len(ncol(X)), b = rep(0, ncol(X))) {
  last <- Inf
  for (i in 1:2000) {
    p <- plogis(drop(X %*% b) + o); v <- w * p * (1 - p)
    q <- qr(X * sqrt(v)); h <- rowSums(qr.Q(q)^2)
    step <- numeric(length(b))
    if (length(free)) step[free] <- solve(crossprod(X[, free, drop = FALSE] * sqrt(v)), crossprod(X[, free, drop = FALSE], w * (y - p) + h * (0.5 - p)))
    while (sum(abs(step)) > 1e-8 && penalised(y, X, b + step, o, w) < penalised(y, X, b, o, w)) step <- step / 2
    b <- b + step
    size <- max(abs(step))
    if (size < 1e-15 * max(1, abs(b)) || (size < 1e-12 && size >= last)) break
    last <- size
  }
  b
}
firth <- function(case, y, x, offset = NULL, weight = NULL) {
  keep(case, y, x, offset, weight)
  n <- length(y); o <- filled(offset, n, 0); w <- filled(weight, n, 1)
  s <- apply(x, 2, sd); m <- colMeans(x)
  X <- cbind(1, sweep(sweep(x, 2, m), 2, s, "/"))  # for conditioning; back below. The intercept is not compared in its interval then
  A <- diag(ncol(X)); A[1, -1] <- -m / s; for (j in seq_along(s)) A[j + 1, j + 1] <- 1 / s[j]
  b <- firth_fit(y, X, o, w)
  other <- optim(b * 0, function(b) -penalised(y, X, b, o, w), method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
  stopifnot(max(abs(other$par - b)) < 1e-3 * max(1, abs(b)))
  p <- plogis(drop(X %*% b) + o)
  V <- A %*% solve(crossprod(X * sqrt(w * p * (1 - p)))) %*% t(A)
  coefficients_of(case, "firth", drop(A %*% b), sqrt(diag(V)))
  top <- penalised(y, X, b, o, w)
  say(case, "firth", "log_likelihood", top + sum(log(s)))
  for (j in 2:ncol(X)) {
    at <- function(v) { start <- b; start[j] <- v; penalised(y, X, firth_fit(y, X, o, w, seq_len(ncol(X))[-j], start), o, w) }
    say(case, "firth", paste0("lr", j - 1), 2 * (top - at(0)))
    level <- top - qchisq(0.95, 1) / 2; se <- sqrt(V[j, j]) * s[j - 1]
    for (side in c(-1, 1)) {
      far <- 1
      while (at(b[j] + side * far * se) > level) far <- far * 2
      ends <- sort(c(b[j], b[j] + side * far * se))
      root <- uniroot(function(v) at(v) - level, ends, tol = 1e-14, maxiter = 1000)$root
      say(case, "firth", paste0(if (side < 0) "low" else "high", j - 1), root / s[j - 1])
    }
  }
}

negative_binomial <- function(case, y, x, offset = NULL, weight = NULL) {
  keep(case, y, x, offset, weight)
  n <- length(y); o <- filled(offset, n, 0); w <- filled(weight, n, 1)
  d <- data.frame(y = y, o = o, w = w); d$x <- x
  f <- suppressWarnings(glm.nb(y ~ x + offset(o), data = d, weights = w, control = tight))
  theta <- f$theta; b <- coef(f)
  score <- function(t, m) sum(w * (digamma(t + y) - digamma(t) + log(t) + 1 - log(t + m) - (y + t) / (m + t)))
  for (i in 1:50) {  # to where both derivatives are zero
    g <- suppressWarnings(glm(y ~ x, family = negative.binomial(theta), data = d, offset = o, weights = w, start = b, control = tight))
    b <- coef(g); m <- fitted(g)
    next_theta <- uniroot(function(t) score(t, m), theta * c(0.99, 1.01), extendInt = "yes", tol = 1e-15 * theta, maxiter = 1000)$root
    moved <- abs(next_theta / theta - 1); theta <- next_theta
    if (moved < 1e-14) break
  }
  stopifnot(abs(theta / f$theta - 1) < 1e-3)
  g <- suppressWarnings(glm(y ~ x, family = negative.binomial(theta), data = d, offset = o, weights = w, start = b, control = tight))
  m <- fitted(g); X <- cbind(1, x)
  V <- solve(crossprod(X * sqrt(w * m / (1 + m / theta))))
  coefficients_of(case, "negative_binomial", coef(g), sqrt(diag(V)))
  say(case, "negative_binomial", "theta", theta)
  say(case, "negative_binomial", "theta_error",
      1 / sqrt(sum(w * (-trigamma(theta + y) + trigamma(theta) - 1 / theta + 2 / (m + theta) - (y + theta) / (m + theta)^2))))
  say(case, "negative_binomial", "log_likelihood", sum(w * dnbinom(y, size = theta, mu = m, log = TRUE)))
  say(case, "negative_binomial", "deviance", deviance(g))
}

# The profile's derivative, from dense matrices; lmer's own optimiser stops some 1e-6 before its zero.
mixed <- function(case, y, x, cluster, restricted) {
  model <- if (restricted) "mixed" else "mixed_ml"
  keep(case, y, x, cluster = cluster)
  d <- data.frame(y = y, cluster = factor(cluster)); d$x <- x
  f <- suppressMessages(suppressWarnings(lmer(y ~ x + (1 | cluster), data = d, REML = restricted,
    control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9), calc.derivs = FALSE))))
  n <- length(y); id <- as.integer(d$cluster); size <- tabulate(id)
  X <- cbind(1, x); Q <- qr.Q(qr(X)); q <- ncol(X)
  solved <- function(ratio, M) { shrink <- ratio / (1 + ratio * size); M - (shrink * rowsum(M, id))[id, , drop = FALSE] }  # V^-1 M
  parts <- function(ratio) {
    VX <- solved(ratio, Q); XVX <- crossprod(Q, VX); beta <- solve(XVX, crossprod(VX, y)); r <- y - Q %*% beta; Vr <- solved(ratio, r)
    list(XVX = XVX, beta = beta, rss = sum(r * Vr), Vr = Vr, VX = VX)
  }
  slope <- function(ratio) {  # of -2 log-likelihood, by the ratio
    p <- parts(ratio); df <- if (restricted) n - q else n
    sums <- rowsum(p$VX, id)
    -df * sum(rowsum(p$Vr, id)^2) / p$rss + sum(size / (1 + ratio * size)) - if (restricted) sum(diag(solve(p$XVX, crossprod(sums)))) else 0
  }
  ratio <- getME(f, "theta")^2
  if (slope(0) >= 0 && ratio < 1e-6) ratio <- 0
  else ratio <- exp(uniroot(function(l) slope(exp(l)), log(max(ratio, 1e-8)) + c(-0.01, 0.01), extendInt = "upX", tol = 1e-15, maxiter = 1000)$root)
  p <- parts(ratio); residual <- p$rss / (if (restricted) n - q else n)
  stopifnot(abs(sqrt(residual) / sigma(f) - 1) < 1e-4)
  R <- qr.R(qr(X)); b <- backsolve(R, p$beta); V <- residual * solve(R, t(solve(R, solve(p$XVX))))
  coefficients_of(case, model, b, sqrt(diag(V)))
  say(case, model, "between", ratio * residual); say(case, model, "residual", residual)
  value <- sum(log(1 + ratio * size)) + (if (restricted) n - q else n) * (log(2 * pi * residual) + 1)
  if (restricted) value <- value + as.numeric(determinant(p$XVX)$modulus) + 2 * sum(log(abs(diag(R))))
  stopifnot(abs(-value / 2 - as.numeric(logLik(f))) < 1e-5 * max(1, abs(value)))
  say(case, model, "log_likelihood", -value / 2)
}

given <- function() {
  columns <- function(formula, data) unname(model.matrix(formula, data)[, -1, drop = FALSE])
  with(infert, regression("infert", "logistic", case, cbind(age, parity, induced, spontaneous), tests = TRUE))
  with(mtcars, regression("mtcars_am", "logistic", am, cbind(wt), tests = TRUE))
  with(mtcars, regression("mtcars_vs", "logistic", vs, cbind(mpg, hp)))
  e <- rbind(cbind(esoph, y = 1, n = esoph$ncases), cbind(esoph, y = 0, n = esoph$ncontrols))
  regression("esoph", "logistic", e$y, columns(~ unclass(agegp) + unclass(tobgp) + unclass(alcgp), e), weight = e$n)
  with(birthwt, regression("birthwt", "logistic", low, columns(~ age + lwt + factor(race) + smoke + ptl + ht + ui + ftv, birthwt), tests = TRUE))
  with(Pima.tr, regression("pima", "logistic", as.numeric(type == "Yes"), cbind(npreg, glu, bp, skin, bmi, ped, age)))
  with(quine, regression("quine", "poisson", Days, columns(~ Eth + Sex + Age + Lrn, quine), tests = TRUE))
  with(warpbreaks, regression("warpbreaks", "poisson", breaks, columns(~ wool * tension, warpbreaks)))
  with(Insurance, regression("insurance", "poisson", Claims, columns(~ District + unclass(Group) + unclass(Age), Insurance), offset = log(Holders)))
  with(epil, regression("epil_clustered", "poisson", y, columns(~ trt + base + age + V4, epil), cluster = subject))
  with(InsectSprays, regression("sprays", "poisson", count, columns(~ spray, InsectSprays)))
  with(quine, negative_binomial("quine_nb", Days, columns(~ Eth + Sex + Age + Lrn, quine)))
  with(warpbreaks, negative_binomial("warpbreaks_nb", breaks, columns(~ wool + tension, warpbreaks)))
  with(epil, negative_binomial("epil_nb", y, columns(~ trt + base + age + V4, epil)))
  for (restricted in c(TRUE, FALSE)) {
    name <- function(text) paste0(text, if (restricted) "_reml" else "_ml")
    with(sleepstudy, mixed(name("sleepstudy"), Reaction, cbind(Days), Subject, restricted))
    with(nlme::Orthodont, mixed(name("orthodont"), distance, columns(~ age * Sex, nlme::Orthodont), as.integer(factor(as.character(Subject))), restricted))
    with(Dyestuff2, mixed(name("dyestuff2"), Yield, cbind(seq_along(Yield) %% 5), Batch, restricted))
    ergo <- nlme::BodyWeight; keep_rows <- (seq_len(nrow(ergo)) * 7) %% 5 != 0
    with(ergo[keep_rows, ], mixed(name("bodyweight"), weight, columns(~ Time * Diet, ergo[keep_rows, ]), as.integer(factor(as.character(Rat))), restricted))
  }
  with(mtcars, firth("mtcars_firth", am, cbind(wt, hp)))
  with(subset(infert, as.numeric(stratum) < 15), firth("infert_firth", case, cbind(age, induced, spontaneous)))
  firth("separated_firth", c(0, 0, 0, 0, 1, 1, 1, 1), cbind(c(1, 2, 3, 4, 5, 6, 7, 8)))
  firth("quasi_firth", c(0, 0, 0, 1, 1, 1, 0, 1, 1, 1), cbind(c(0, 0, 0, 0, 0, 0, 0, 1, 1, 1), c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3)))
  with(birthwt, firth("birthwt_firth", low, columns(~ age + lwt + smoke + ht, birthwt)))
}

if (!exists("only_functions")) {
  given()
  writeLines(lines, file.path(out, "expected.csv"))
}
