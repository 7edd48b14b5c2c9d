# Rates over person-time against poisson.test and chisq.test.
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "oracle.R"))
set.seed(20240612)

people <- function(n, group, rate) {
  entry <- sample(0:20, n, TRUE)
  data.frame(entry = entry, exit = entry + sample(1:120, n, TRUE), cause = rbinom(n, 1, rate) * ifelse(runif(n) < 0.1, 2, 1), group = group)
}
for (i in 1:80) {
  n <- sample(c(2, 5, 30, 400), 2, TRUE)
  d <- rbind(people(n[1], 0, runif(1)^2), people(n[2], 1, runif(1)^2))
  if (i == 1) d$cause[d$group == 0] <- 0
  if (i == 2) d$cause[d$group == 1] <- 0
  d <- d[sample(nrow(d)), ]
  level <- sample(c(0.9, 0.95, 0.99), 1)
  got <- ask("rates", d, groups = 2, step = 1 / 12, level = level, parts = 3, threads = 2)
  events <- tapply(d$cause == 1, d$group, sum); time <- tapply(d$exit - d$entry, d$group, sum) / 12
  for (g in 1:2) {
    r <- poisson.test(events[g], time[g], conf.level = level)
    key <- paste0("group.", g - 1, ".rate")
    same(paste(i, key), got[[paste0(key, ".value")]], r$estimate)
    same(paste(i, key, "low"), got[[paste0(key, ".low")]], r$conf.int[1])
    same(paste(i, key, "high"), got[[paste0(key, ".high")]], r$conf.int[2])
  }
  if (sum(events) == 0) next
  r <- poisson.test(rev(events), rev(time), conf.level = level)
  same(paste(i, "p"), got[["test.Exact conditional test of two Poisson rates.p"]], r$p.value)
  same(paste(i, "ratio"), exp(got$ratio.value), r$estimate)
  same(paste(i, "ratio low"), exp(got$ratio.low), r$conf.int[1])
  same(paste(i, "ratio high"), exp(got$ratio.high), r$conf.int[2])
}
for (i in 1:20) {
  k <- sample(3:5, 1)
  d <- do.call(rbind, lapply(seq_len(k), function(g) people(sample(5:60, 1), g - 1, 0.5)))
  got <- ask("rates", d, groups = k)
  events <- tapply(d$cause == 1, d$group, sum); time <- tapply(d$exit - d$entry, d$group, sum)
  r <- suppressWarnings(chisq.test(events, p = time / sum(time)))
  same(paste("chi-square", i), got[["test.Pearson's chi-square test of rates.statistic"]], r$statistic)
  same(paste("chi-square p", i), got[["test.Pearson's chi-square test of rates.p"]], r$p.value)
}
none <- data.frame(exit = c(3, 4), cause = c(0, 0), group = c(0, 1))
same("no events, upper limit", ask("rates", none, groups = 2)$group.0.rate.high, poisson.test(0, 3)$conf.int[2])
expect("no events, no test", !any(grepl("^test", names(ask("rates", none, groups = 2)))))
expect("no time", ask("rates", none[none$group == 5, ])$error == "not_computable")
finish()
