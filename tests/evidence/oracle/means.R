# Means of groups against t.test, oneway.test and aov.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
set.seed(20240613)

two <- function(y, group, name, tolerance = 1e-9, level = 0.95) {
  got <- ask("means", data.frame(y = y, group = group), groups = 2, level = level, parts = 4, threads = 2)
  a <- y[group == 0]; b <- y[group == 1]
  for (equal in c(FALSE, TRUE)) {
    r <- t.test(a, b, var.equal = equal, conf.level = level)
    key <- if (equal) "test.Student's t test" else "test.Welch's t test"
    side <- if (equal) "difference_equal_variances" else "difference"
    same(paste(name, key), got[[paste0(key, ".statistic")]], r$statistic, tolerance)
    same(paste(name, key, "df"), got[[paste0(key, ".df")]], r$parameter, tolerance)
    same(paste(name, key, "p"), got[[paste0(key, ".p")]], r$p.value, tolerance)
    same(paste(name, side, "low"), got[[paste0(side, ".low")]], r$conf.int[1], tolerance, absolute = 1e-12 * diff(r$conf.int))
    same(paste(name, side, "high"), got[[paste0(side, ".high")]], r$conf.int[2], tolerance, absolute = 1e-12 * diff(r$conf.int))
  }
  for (g in 0:1) {
    r <- t.test(y[group == g], conf.level = level)
    key <- paste0("group.", g)
    same(paste(name, key, "mean"), got[[paste0(key, ".mean.value")]], r$estimate, 1e-12, absolute = 1e-14 * sd(y))
    same(paste(name, key, "variance"), got[[paste0(key, ".variance")]], var(y[group == g]), tolerance)
    same(paste(name, key, "low"), got[[paste0(key, ".mean.low")]], r$conf.int[1], tolerance, absolute = 1e-12 * diff(r$conf.int))
  }
  same(paste(name, "variance of all"), got$all.variance, var(y), tolerance)
}
for (i in 1:60) {
  n <- sample(c(2, 3, 10, 300), 2, TRUE)
  group <- sample(rep(0:1, n))
  y <- switch(i %% 5 + 1, rnorm(sum(n)), round(rnorm(sum(n), 50, 10)) + runif(sum(n)), rexp(sum(n)) * 1e-9, rnorm(sum(n)) * 1e9, 1000 + rnorm(sum(n)))
  two(y, group, paste("two groups", i), level = sample(c(0.9, 0.95, 0.99), 1))
}
two(sleep$extra, as.numeric(sleep$group) - 1, "sleep")

# Badly centred: R's own means end at the last place, so the same numbers are given to R without the constant they share (exactly).
for (centre in 2^c(20, 30, 40)) {
  small <- round(rnorm(40) * 2^10) / 2^10
  group <- rep(0:1, 20)
  got <- ask("means", data.frame(y = small + centre, group = group), groups = 2)
  r <- t.test(small[group == 0], small[group == 1])
  same(paste("centre", centre, "t"), got[["test.Welch's t test.statistic"]], r$statistic)
  same(paste("centre", centre, "p"), got[["test.Welch's t test.p"]], r$p.value)
  same(paste("centre", centre, "variance"), got$all.variance, var(small))
}

for (i in 1:40) {
  k <- sample(3:6, 1)
  n <- sample(2:30, k, TRUE)
  group <- sample(rep(seq_len(k) - 1, n))
  y <- rnorm(length(group), c(0, 0.5, 100)[i %% 3 + 1] + group / 3, 1 + group)
  got <- ask("means", data.frame(y = y, group = group), groups = k)
  welch <- oneway.test(y ~ group)
  same(paste("Welch F", i), got[["test.Welch's one-way analysis of variance.statistic"]], welch$statistic)
  same(paste("Welch df2", i), got[["test.Welch's one-way analysis of variance.df2"]], welch$parameter[2])
  same(paste("Welch p", i), got[["test.Welch's one-way analysis of variance.p"]], welch$p.value)
  classic <- oneway.test(y ~ group, var.equal = TRUE)
  same(paste("F", i), got[["test.One-way analysis of variance.statistic"]], classic$statistic)
  same(paste("F df2", i), got[["test.One-way analysis of variance.df2"]], classic$parameter[2])
  same(paste("F p", i), got[["test.One-way analysis of variance.p"]], classic$p.value)
}
for (i in 1:20) {
  y <- rnorm(sample(2:40, 1), 3)
  r <- t.test(y, mu = 2.5)
  got <- ask("means", data.frame(y = y), against = 2.5)
  same(paste("one sample", i), got[["test.One-sample t test.statistic"]], r$statistic)
  same(paste("one sample p", i), got[["test.One-sample t test.p"]], r$p.value)
}
# NIST's NumAcc4: 10000000.2, then 1001 pairs of 10000000.1 and 10000000.3. Variance 0.01 (of the decimals; those of the doubles nearby).
num <- c(0.2, rep(c(0.1, 0.3), 500)) + 1e7
same("NumAcc4", sqrt(ask("means", data.frame(y = num))$all.variance), sqrt(var(num - 1e7)), 1e-9)

# What cannot be computed says so.
expect("no values", ask("means", data.frame(y = numeric()))$error == "not_computable")
expect("not finite", ask("means", data.frame(y = c(1, Inf)))$error == "not_computable")
expect("no variation", !any(grepl("^test", names(ask("means", data.frame(y = c(0.1, 0.1, 0.1, 0.3, 0.3), group = c(0, 0, 0, 1, 1)), groups = 2)))))
finish()
