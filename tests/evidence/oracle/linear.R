# needs: sandwich
# Linear regression against lm, and its robust errors against sandwich.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
suppressMessages(library(sandwich))
set.seed(20240615)

regression <- function(d, name, relative = 1e-9, level = 0.95) {
  covariates <- grep("^x", names(d), value = TRUE)
  formula <- reformulate(if (length(covariates)) covariates else "1", "y")
  d$w <- if (is.null(d$weight)) 1 else d$weight
  d$o <- if (is.null(d$offset)) 0 else d$offset
  fit <- lm(formula, d, weights = w, offset = o)
  told <- suppressWarnings(summary(fit))
  # R2 and F are of the outcome less its offset; R 4.2 counts the offset as explained.
  of_rest <- suppressWarnings(summary(lm(update(formula, I(y - o) ~ .), d, weights = w)))
  table <- d[setdiff(names(d), c("w", "o"))]
  got <- ask("linear", table, parts = 3, threads = 2, level = level)
  ids <- c("(intercept)", covariates)
  ci <- confint(fit, level = level)
  for (i in seq_along(ids)) {
    size <- told$coefficients[i, 2]  # beside its error: a coefficient near 0 has no relative precision
    same(paste(name, ids[i]), got[[paste0(ids[i], ".value")]], coef(fit)[i], relative, absolute = 1e-10 * size)
    same(paste(name, ids[i], "error"), got[[paste0(ids[i], ".standard_error")]], told$coefficients[i, 2], relative)
    same(paste(name, ids[i], "p"), got[[paste0(ids[i], ".p")]], told$coefficients[i, 4], 100 * relative * max(1, abs(log(told$coefficients[i, 4])) / 10), absolute = 1e-290)
    same(paste(name, ids[i], "low"), got[[paste0(ids[i], ".low")]], ci[i, 1], relative, absolute = 1e-9 * size)
  }
  same(paste(name, "R2"), got$r_squared, of_rest$r.squared, relative, absolute = 1e-13)
  same(paste(name, "adjusted R2"), got$adjusted_r_squared, of_rest$adj.r.squared, relative, absolute = 1e-13)
  same(paste(name, "sigma"), got$residual_deviation, told$sigma, relative)
  if (length(covariates)) same(paste(name, "F"), got[["test.F test of all covariates.statistic"]], of_rest$fstatistic[1], relative, absolute = 1e-12)
  df <- fit$df.residual
  robust <- function(kind, v, df, what) {
    got <- ask("linear", table, robust = kind, parts = 4, threads = 2)
    for (i in seq_along(ids)) {
      error <- sqrt(v[i, i])
      same(paste(name, ids[i], what), got[[paste0(ids[i], ".robust_error")]], error, relative)
      same(paste(name, ids[i], what, "p"), got[[paste0(ids[i], ".p")]], 2 * pt(-abs(coef(fit)[i] / error), df), 1e-6)
    }
  }
  for (kind in c("HC0", "HC1", "HC2", "HC3")) robust(tolower(kind), vcovHC(fit, type = kind), df, kind)
  if (!is.null(d$cluster)) {
    people <- length(unique(d$cluster))
    robust("cr0", vcovCL(fit, cluster = d$cluster, type = "HC0", cadjust = FALSE), people - 1, "CR0")
    robust("cr1", vcovCL(fit, cluster = d$cluster, type = "HC1", cadjust = TRUE), people - 1, "CR1")
  }
}
for (i in 1:24) {
  n <- sample(c(12, 40, 300), 1)
  p <- sample(0:4, 1)
  d <- data.frame(y = rnorm(n))
  for (j in seq_len(p)) d[[paste0("x", j)]] <- switch(sample(4, 1), rnorm(n), rbinom(n, 1, 0.5) + 0, rexp(n) * 10^sample(-6:6, 1), rnorm(n, 2000, 10))
  if (p && any(sapply(d[-1], sd) == 0)) next
  if (p) d$y <- d$y + 2 * d$x1 / sd(d$x1)
  d$y <- d$y * 10^sample(-6:6, 1)
  if (i %% 3 == 0) d$weight <- rexp(n) + 0.01
  if (i %% 4 == 0) d$offset <- rnorm(n) * sd(d$y)
  if (i %% 2 == 0) d$cluster <- sort(sample(1:max(4, n %/% 3), n, TRUE))
  regression(d, paste("random", i), level = sample(c(0.9, 0.95), 1))
}
regression(setNames(mtcars[c("mpg", "wt", "hp", "qsec")], c("y", "x1", "x2", "x3")), "mtcars")
regression(setNames(anscombe[c("y1", "x1")], c("y", "x1")), "Anscombe")
# Nearly collinear, far from 0: the answer R gives to the same numbers without their constants, and with them.
x1 <- round(rnorm(60) * 2^12) / 2^12
x2 <- x1 + round(rnorm(60) * 2^12) / 2^22
d <- data.frame(y = rnorm(60) + x1, x1 = x1, x2 = x2)
regression(d, "nearly collinear", 1e-8)
fit <- summary(lm(y ~ x1 + x2, d))$coefficients
far <- ask("linear", transform(d, x1 = x1 + 2^20, x2 = x2 + 2^20))
for (i in 2:3) for (k in 1:2) same(paste("far from 0", i, k), far[[paste0("x", i - 1, c(".value", ".standard_error")[k])]], fit[i, k], 1e-8)

# NIST's Longley data (StRD, linear regression, higher difficulty) with the certified values.
longley_table <- setNames(longley[c("Employed", "GNP.deflator", "GNP", "Unemployed", "Armed.Forces", "Population", "Year")], c("y", paste0("x", 1:6)))
longley_table$x2 <- longley$GNP * 1000; longley_table$x3 <- longley$Unemployed * 10; longley_table$x4 <- longley$Armed.Forces * 10
longley_table$x5 <- longley$Population * 1000; longley_table$y <- longley$Employed * 1000
longley_table[] <- lapply(longley_table, function(v) round(v, 6))
got <- ask("linear", longley_table)
certified <- rbind(c(-3482258.63459582, 890420.383607373), c(15.0618722713733, 84.9149257747669), c(-0.358191792925910e-01, 0.334910077722432e-01),
  c(-2.02022980381683, 0.488399681651699), c(-1.03322686717359, 0.214274163161675), c(-0.511041056535807e-01, 0.226073200069370),
  c(1829.15146461355, 455.478499142212))
ids <- c("(intercept)", paste0("x", 1:6))
for (i in 1:7) {
  same(paste("Longley", ids[i]), got[[paste0(ids[i], ".value")]], certified[i, 1], 1e-13)
  same(paste("Longley error", ids[i]), got[[paste0(ids[i], ".standard_error")]], certified[i, 2], 1e-13)
}
same("Longley sigma", got$residual_deviation, 304.854073561965, 1e-13)
same("Longley R2", got$r_squared, 0.995479004577296, 1e-13)
same("Longley F", got[["test.F test of all covariates.statistic"]], 330.285339234588, 1e-13)

# What cannot be computed says so.
expect("collinear", grepl("x3 is a combination", ask("linear", data.frame(y = rnorm(9), x1 = 1:9 / 7, x2 = (1:9)^2, x3 = 1:9 / 7 + (1:9)^2))$message))
expect("constant", grepl("x1 is the same", ask("linear", data.frame(y = rnorm(9), x1 = 0.1))$message))
expect("outcome constant", ask("linear", data.frame(y = rep(0.3, 9), x1 = 1:9))$error == "not_computable")
expect("too few", ask("linear", data.frame(y = c(1, 2), x1 = c(1, 3)))$error == "not_computable")
expect("negative weight", ask("linear", data.frame(y = rnorm(9), x1 = 1:9, weight = c(-1, rep(1, 8))))$error == "not_computable")
expect("perfect fit", is.na(ask("linear", data.frame(y = 1:9 + 0, x1 = (1:9) * 2))$x1.p))
finish()
