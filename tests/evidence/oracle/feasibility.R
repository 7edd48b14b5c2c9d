# Power of trials by going through every outcome with R's own tests, and the recruitment time by R's beta and gamma distributions.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
set.seed(20240616)
nothing <- data.frame(none = 0)

single <- function(n, null, alpha) {  # outcomes at which each tail is at most alpha / 2
  k <- 0:n
  list(above = pbinom(k - 1, n, null, lower.tail = FALSE) <= alpha / 2, below = pbinom(k, n, null) <= alpha / 2)
}
nearest <- function(chance, from, to, power) {
  if (from == to || chance(to) < power) return(NA)
  uniroot(function(e) chance(e) - power, sort(c(from, to)), tol = 1e-15, maxiter = 10000)$root
}
for (i in 1:25) {
  n_of_1 <- i %% 3 == 0
  people <- sample(2:60, 1); cycles <- sample(1:4, 1); drop_out <- sample(c(0, 0.15), 1)
  n <- floor(people * (1 - drop_out) + 1e-9) * if (n_of_1) cycles else 1
  null <- if (n_of_1) 0.5 else sample(1:8, 1) / 10
  alpha <- sample(c(0.05, 0.1), 1); expected <- sample(1:9, 1) / 10; power <- sample(c(0.7, 0.8, 0.9), 1)
  got <- ask("feasibility", nothing, design = if (n_of_1) "n_of_1" else "single_arm", control = null, people = people, cycles = cycles,
    drop_out = drop_out, alpha = alpha, expected = expected, power = power, enrolled = i, years = 2.5, level = 0.8)
  reject <- single(n, null, alpha)
  above <- function(e) sum(dbinom(0:n, n, e)[reject$above]); below <- function(e) sum(dbinom(0:n, n, e)[reject$below])
  same(paste("analysed", i), got$analysed, n)
  same(paste("power", i), got$power, if (expected >= null) above(expected) else below(expected), absolute = 1e-300)
  same(paste("alpha", i), got$alpha, above(null) + below(null))
  same(paste("above", i), got$above, nearest(above, null, 1, power))
  same(paste("below", i), got$below, nearest(below, null, 0, power))
  u <- qbeta(c(0.5, 0.1, 0.9), people, i + 0.5)
  v <- qbeta(c(0.5, 0.9, 0.1), i + 0.5, people)
  for (k in 1:3) same(paste("recruitment", i, k), got[[paste0("time.", c("median", "low", "high")[k])]], 2.5 * u[k] / v[k])
}
for (i in 1:8) {
  n <- sample(4:26, 1); control <- sample(1:6, 1) / 10; expected <- sample(1:9, 1) / 10
  got <- ask("feasibility", nothing, design = "two_arms", control = control, people = n, expected = expected)
  a <- ceiling(n / 2); b <- n - a
  p <- outer(0:a, 0:b, Vectorize(function(x, y) fisher.test(matrix(c(x, a - x, y, b - y), 2))$p.value))
  direction <- sign(outer(0:a / a, 0:b / b, "-"))
  chance <- function(e, side) sum(outer(dbinom(0:a, a, e), dbinom(0:b, b, control))[p <= 0.05 & direction == side])
  same(paste("two arms", i), got$power, chance(expected, if (expected >= control) 1 else -1), absolute = 1e-300)
  same(paste("two arms, alpha", i), got$alpha, chance(control, 1) + chance(control, -1), absolute = 1e-300)
}
for (expected in c(0.5, 0.6)) {
  got <- ask("feasibility", nothing, control = 0.2, people = 5, expected = expected, needed = "true")
  enough <- sapply(1:120, function(n) sum(dbinom(0:n, n, expected)[single(n, 0.2, 0.05)$above]) >= 0.8)
  same(paste("needed", expected), got$needed, max(which(!enough)) + 1)
}
known <- ask("feasibility", nothing, people = 12, a_year = 4)
same("known rate", known$time.median, qgamma(0.5, 12, 4))
expect("nobody enrolled", ask("feasibility", nothing, enrolled = 0)$error == "not_computable")
finish()
