# Writes tables.txt: small data sets with what R says of them. Usage: Rscript tables.R > tables.txt
# `statistics_of_table golden tables.txt` compares them; it needs no R.
set.seed(4711)
number <- function(x) sprintf("%.17g", x)
golden <- function(statistic, data, options, want, relative = 1e-9) {
  cat(trimws(paste("case", statistic, options)), "\n", sep = "")
  cat(paste(names(data), collapse = ","), "\n", sep = "")
  cat(do.call(paste, c(lapply(data, number), sep = ",")), sep = "\n")
  for (key in names(want)) if (!is.na(want[[key]])) cat("\nexpect", number(relative), number(want[[key]]), key)
  cat("\nend\n")
}
long <- function(cells) {
  at <- which(array(TRUE, dim(cells)), arr.ind = TRUE)
  at <- at[rep(seq_len(nrow(at)), as.vector(cells)), , drop = FALSE] - 1
  as.data.frame(setNames(lapply(seq_len(ncol(at)), function(j) at[, j]), c("row", "column", "stratum")[seq_len(ncol(at))]))
}
for (x in list(matrix(c(3, 1, 1, 3), 2), matrix(c(10, 2, 3, 15), 2), matrix(c(0, 5, 7, 4), 2), matrix(c(31, 12, 40, 39), 2))) {
  chi <- suppressWarnings(chisq.test(x, correct = FALSE)); yates <- suppressWarnings(chisq.test(x))
  golden("contingency", long(x), "", list("test.Pearson's chi-square test.statistic" = chi$statistic, "test.Pearson's chi-square test.p" = chi$p.value,
    "test.Pearson's chi-square test with Yates' correction.p" = yates$p.value, "test.Fisher's exact test.p" = fisher.test(x)$p.value))
}
x <- matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4)
golden("contingency", long(x), "rows=4 columns=4", list("test.Fisher's exact test.p" = fisher.test(x)$p.value), 1e-6)
x <- UCBAdmissions %/% 5
for (k in 1:2) {
  r <- mantelhaen.test(x, correct = k == 1)
  golden("contingency", long(x), "strata=6", setNames(list(r$statistic, r$p.value), paste0("test.Cochran-Mantel-Haenszel test",
    if (k == 1) " with continuity correction", c(".statistic", ".p"))))
}
golden("contingency", long(x), "strata=6", list("common_odds_ratio.value" = log(r$estimate), "common_odds_ratio.low" = log(r$conf.int[1]),
  "common_odds_ratio.high" = log(r$conf.int[2]), "test.Exact conditional test of independence in strata.p" = mantelhaen.test(x, exact = TRUE)$p.value))
x <- array(rpois(36, 4), c(3, 3, 4))
r <- mantelhaen.test(x)
golden("contingency", long(x), "rows=3 columns=3 strata=4", list("test.Generalised Cochran-Mantel-Haenszel test.statistic" = r$statistic,
  "test.Generalised Cochran-Mantel-Haenszel test.p" = r$p.value))

d <- data.frame(exit = sample(1:60, 14), cause = rbinom(14, 1, 0.5), group = rep(0:1, 7))
events <- tapply(d$cause, d$group, sum); time <- tapply(d$exit, d$group, sum)
r <- poisson.test(rev(events), rev(time)); one <- poisson.test(events[1], time[1])
golden("rates", d, "groups=2", list("test.Exact conditional test of two Poisson rates.p" = r$p.value, "ratio.low" = log(r$conf.int[1]),
  "ratio.high" = log(r$conf.int[2]), "group.0.rate.low" = one$conf.int[1], "group.0.rate.high" = one$conf.int[2]))

a <- sleep$extra[sleep$group == 1]; b <- sleep$extra[sleep$group == 2]
d <- data.frame(y = sleep$extra, group = as.numeric(sleep$group) - 1)
w <- t.test(a, b); s <- t.test(a, b, var.equal = TRUE)
golden("means", d, "groups=2", list("test.Welch's t test.statistic" = w$statistic, "test.Welch's t test.df" = w$parameter, "test.Welch's t test.p" = w$p.value,
  "difference.low" = w$conf.int[1], "difference.high" = w$conf.int[2], "test.Student's t test.p" = s$p.value))
d <- data.frame(y = PlantGrowth$weight, group = as.numeric(PlantGrowth$group) - 1)
w <- oneway.test(y ~ group, d); s <- oneway.test(y ~ group, d, var.equal = TRUE)
golden("means", d, "groups=3", list("test.Welch's one-way analysis of variance.statistic" = w$statistic, "test.Welch's one-way analysis of variance.p" = w$p.value,
  "test.One-way analysis of variance.statistic" = s$statistic, "test.One-way analysis of variance.p" = s$p.value))

d <- data.frame(y = c(8, 31, 4, 55, 20, 3, 71, 9, 12, 40, 41), group = c(0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1))
r <- wilcox.test(d$y[d$group == 0], d$y[d$group == 1], conf.int = TRUE)
q <- quantile(d$y, c(0.25, 0.5, 0.75))
golden("ranks", d, "groups=2 cells=100", list("test.Mann-Whitney test.statistic" = r$statistic, "test.Mann-Whitney test.p" = r$p.value,
  "shift.value" = r$estimate, "shift.low" = r$conf.int[1], "shift.high" = r$conf.int[2]))
golden("ranks", d["y"], "cells=100", list("group.0.quantile.0.value" = q[1], "group.0.quantile.1.value" = q[2], "group.0.quantile.2.value" = q[3]))
d <- data.frame(y = airquality$Temp, group = airquality$Month - 5)
r <- kruskal.test(y ~ group, d)
golden("ranks", d, "groups=5 cells=120", list("test.Kruskal-Wallis test.statistic" = r$statistic, "test.Kruskal-Wallis test.p" = r$p.value))

line <- function(d, options = "", relative = 1e-9) {
  covariates <- grep("^x", names(d), value = TRUE)
  told <- summary(lm(reformulate(covariates, "y"), d, weights = if (is.null(d$weight)) NULL else d$weight))
  want <- list("residual_deviation" = told$sigma, "r_squared" = told$r.squared, "test.F test of all covariates.statistic" = told$fstatistic[[1]])
  for (i in seq_along(covariates)) for (k in c(1, 2, 4)) {
    want[[paste0(covariates[i], c(".value", ".standard_error", "", ".p")[k])]] <- told$coefficients[i + 1, k]
  }
  golden("linear", d, options, want, relative)
}
line(setNames(mtcars[c("mpg", "wt", "hp", "qsec")], c("y", "x1", "x2", "x3")))
line(data.frame(setNames(mtcars[c("mpg", "wt", "hp")], c("y", "x1", "x2")), weight = mtcars$cyl))
d <- setNames(mtcars[c("mpg", "wt", "hp")], c("y", "x1", "x2"))
fit <- lm(y ~ x1 + x2, d)
h <- hatvalues(fit); e <- residuals(fit); x <- model.matrix(fit); bread <- solve(crossprod(x))
robust <- function(u) sqrt(diag(bread %*% crossprod(x * u) %*% bread))
golden("linear", d, "robust=hc0", list("x1.robust_error" = robust(e)[2], "x2.robust_error" = robust(e)[3]))
golden("linear", d, "robust=hc3", list("x1.robust_error" = robust(e / (1 - h))[2], "x2.robust_error" = robust(e / (1 - h))[3]))
