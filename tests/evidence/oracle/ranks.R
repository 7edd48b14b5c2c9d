# Quantiles and rank tests on a grid against quantile, wilcox.test and kruskal.test; with ties against all permutations.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
set.seed(20240614)

for (i in 1:40) {  # without ties, exact
  n <- sample(2:30, 2, TRUE)
  y <- sample(0:999, sum(n))
  group <- sample(rep(0:1, n))
  a <- y[group == 0]; b <- y[group == 1]
  got <- ask("ranks", data.frame(y = y, group = group), groups = 2, cells = 1000, parts = 3, threads = 2)
  r <- suppressWarnings(wilcox.test(a, b, conf.int = TRUE, exact = TRUE))  # warns where the level is out of reach
  same(paste("U", i), got[["test.Mann-Whitney test.statistic"]], r$statistic)
  same(paste("U p", i), got[["test.Mann-Whitney test.p"]], r$p.value)
  same(paste("shift", i), got$shift.value, r$estimate)
  if (qwilcox(0.025, n[1], n[2]) > 0) {
    same(paste("shift low", i), got$shift.low, r$conf.int[1])
    same(paste("shift high", i), got$shift.high, r$conf.int[2])
  }
}
for (i in 1:30) {  # with ties, small: every way to choose the first group
  n <- sample(2:6, 2, TRUE)
  y <- sample(0:4, sum(n), TRUE)
  if (length(unique(y)) < 2) next
  group <- rep(0:1, n)
  got <- ask("ranks", data.frame(y = y, group = group), groups = 2, cells = 10)
  ranks <- rank(y)
  sums <- combn(sum(n), n[1], function(s) sum(ranks[s]))
  middle <- n[1] * (sum(n) + 1) / 2
  same(paste("U with ties", i), got[["test.Mann-Whitney test.p"]], mean(abs(sums - middle) >= abs(sum(ranks[group == 0]) - middle) - 1e-9))
  same(paste("shift with ties", i), got$shift.value, median(outer(y[group == 0], y[group == 1], "-")))
}
for (i in 1:20) {  # large, ties
  n <- sample(50:300, 2, TRUE)
  y <- rpois(sum(n), 20) / 4
  group <- sample(rep(0:1, n))
  a <- y[group == 0]; b <- y[group == 1]
  got <- ask("ranks", data.frame(y = y, group = group), groups = 2, cells = 200, step = 0.25)
  r <- wilcox.test(a, b)
  same(paste("U, many", i), got[["test.Mann-Whitney test.statistic"]], r$statistic)
  same(paste("U, many, p", i), got[["test.Mann-Whitney test.p"]], r$p.value)
  d <- sort(outer(a, b, "-"))
  ties <- table(y)
  sigma <- sqrt(prod(n) / 12 * (sum(n) + 1 - sum(ties^3 - ties) / (sum(n) * (sum(n) - 1))))
  k <- floor(prod(n) / 2 - qnorm(0.975) * sigma)
  same(paste("shift, many", i), got$shift.value, median(d))
  same(paste("shift, many, low", i), got$shift.low, d[k])
  same(paste("shift, many, high", i), got$shift.high, d[prod(n) + 1 - k])
}
for (i in 1:30) {
  k <- sample(3:5, 1)
  n <- sample(10:40, k, TRUE)
  group <- sample(rep(seq_len(k) - 1, n))
  y <- rpois(length(group), 8 + group)
  r <- kruskal.test(y, group)
  got <- ask("ranks", data.frame(y = y, group = group), groups = k, cells = 60)
  same(paste("Kruskal-Wallis", i), got[["test.Kruskal-Wallis test.statistic"]], r$statistic)
  if (got[["test.Kruskal-Wallis test.exact"]] == 0) same(paste("Kruskal-Wallis p", i), got[["test.Kruskal-Wallis test.p"]], r$p.value)
}
for (i in 1:12) {  # every arrangement of three small groups
  n <- list(c(2, 2, 2), c(3, 2, 2), c(1, 3, 4), c(3, 3, 3))[[i %% 4 + 1]]
  y <- sample(0:5, sum(n), TRUE)
  if (length(unique(y)) < 2) next
  group <- rep(0:2, n)
  got <- ask("ranks", data.frame(y = y, group = group), groups = 3, cells = 10)
  seen <- kruskal.test(y, group)$statistic
  all <- NULL
  combn(sum(n), n[1], function(s) {
    rest <- setdiff(seq_along(y), s)
    combn(length(rest), n[2], function(t) {
      g <- rep(2, sum(n)); g[s] <- 0; g[rest[t]] <- 1
      all <<- c(all, kruskal.test(y, g)$statistic)
      0
    })
    0
  })
  same(paste("Kruskal-Wallis, all arrangements", i), got[["test.Kruskal-Wallis test.p"]], mean(all >= seen - 1e-9))
}
for (i in 1:40) {
  n <- sample(c(1, 2, 5, 20, 101, 1000), 1)
  y <- round(rnorm(n, 10, 3), 1)
  q <- c(0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1)
  got <- ask("ranks", data.frame(y = y), from = -20, step = 0.1, cells = 700, quantiles = q)
  want <- quantile(y, q, type = 7)
  sorted <- sort(y)
  for (j in seq_along(q)) {
    same(paste("quantile", q[j], i), got[[paste0("group.0.quantile.", j - 1, ".value")]], want[j], absolute = 1e-13)
    if (q[j] > 0 && q[j] < 1) {
      # The definition: the l-th value with P(B < l) <= 0.025, B the number of people below the quantile.
      l <- sum(pbinom(0:(n - 1), n, q[j]) <= 0.025)
      u <- n + 1 - sum(pbinom(n:1 - 1, n, q[j], lower.tail = FALSE) <= 0.025)
      same(paste("quantile low", q[j], i), got[[paste0("group.0.quantile.", j - 1, ".low")]], if (l == 0) -Inf else sorted[l], absolute = 1e-13)
      same(paste("quantile high", q[j], i), got[[paste0("group.0.quantile.", j - 1, ".high")]], if (u > n) Inf else sorted[u], absolute = 1e-13)
    }
  }
}
expect("no values", ask("ranks", data.frame(y = numeric()))$error == "not_computable")
expect("not a number", ask("ranks", data.frame(y = NA))$error == "not_computable")
expect("all tied", !any(grepl("^test", names(ask("ranks", data.frame(y = c(1, 1, 1, 1), group = c(0, 0, 1, 1)), groups = 2)))))
finish()
