# Reference values by R: binom.test, prop.test (Wilson) and survfit. Usage: Rscript golden.R OUTPUT_DIRECTORY
# The committed files in golden/ are what this script wrote; the test "evidence_against_r" runs it again where R is installed.
library(survival)
out <- commandArgs(trailingOnly = TRUE)[1]
number <- function(x) sprintf("%.17g", x)

# Mid-p limits: where P(X < x) + P(X = x) / 2 meets the tail.
midp <- function(x, n, level) {
  tail <- (1 - level) / 2
  f <- function(p, target) (pbinom(x - 1, n, p) + pbinom(x, n, p)) / 2 - target
  low <- if (x == 0) 0 else uniroot(f, c(1e-12, 1 - 1e-12), target = 1 - tail, tol = 1e-15, maxiter = 10000)$root
  high <- if (x == n) 1 else uniroot(f, c(1e-12, 1 - 1e-12), target = tail, tol = 1e-15, maxiter = 10000)$root
  c(low, high)
}

rows <- "present,recorded,level,cp_low,cp_high,midp_low,midp_high,wilson_low,wilson_high"
cases <- list(c(31, 80), c(16, 38), c(15, 42), c(5, 22), c(36, 102), c(0, 20), c(20, 20), c(1, 1), c(0, 1), c(1, 1000), c(999, 1000),
              c(500, 100000), c(50000, 100000), c(7, 13))
for (level in c(0.9, 0.95, 0.99)) for (case in cases) {
  x <- case[1]; n <- case[2]
  cp <- binom.test(x, n, conf.level = level)$conf.int
  mp <- midp(x, n, level)
  w <- suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int
  rows <- c(rows, paste(c(x, n, number(level), number(cp[1]), number(cp[2]), number(mp[1]), number(mp[2]), number(w[1]), number(w[2])),
                        collapse = ","))
}
writeLines(rows, file.path(out, "proportions.csv"))

# The 6-MP arm, weeks (Freireich 1963), and a made-up sample with many ties.
time <- c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35)
status <- c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)
i <- 0:499
made_time <- (i * 37) %% 101 + 1
made_status <- ifelse(made_time == 101, 0, as.integer((i * 7) %% 3 != 0))
rows <- "sample,kind,level,time,at_risk,events,censored,survival,standard_error,low,high"
curve <- function(name, t, s, type, level) {
  fit <- survfit(Surv(t, s) ~ 1, conf.type = type, conf.int = level)
  lines <- c()
  for (k in seq_along(fit$time)) {
    lines <- c(lines, paste(c(name, type, number(level), number(fit$time[k]), fit$n.risk[k], fit$n.event[k], fit$n.censor[k],
                              number(fit$surv[k]), number(fit$surv[k] * fit$std.err[k]), number(fit$lower[k]), number(fit$upper[k])),
                            collapse = ","))
  }
  lines
}
for (type in c("plain", "log", "log-log")) {
  for (level in c(0.9, 0.95)) rows <- c(rows, curve("six-mp", time, status, type, level))
  rows <- c(rows, curve("made", made_time, made_status, type, 0.95))
}
writeLines(rows, file.path(out, "survival.csv"))
