# The same statistics by R's survival package, on the columns that bench_statistics wrote. Usage: Rscript statistics.R FILE.bin ROWS REPEATS
# Prints "name seconds" a line (medians), then "check name value" lines for comparing answers.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(arguments[2])
repeats <- as.integer(arguments[3])
file <- file(arguments[1], "rb")
time <- readBin(file, "integer", rows)
status <- readBin(file, "integer", rows)
group <- readBin(file, "integer", rows)
x <- replicate(3, readBin(file, "double", rows))
close(file)
median_time <- function(f) {
  times <- numeric(repeats)
  for (i in seq_len(repeats)) times[i] <- system.time(answer <<- f(), gcFirst = TRUE)[["elapsed"]]
  median(times)
}
say <- function(name, seconds) cat(name, sprintf("%.6f", seconds), "\n")
check <- function(name, value) cat("check", name, sprintf("%.17g", value), "\n")
say("kaplan_meier", median_time(function() survfit(Surv(time, status) ~ group)))
check("kaplan_meier", answer$surv[length(answer$surv)])
say("log_rank", median_time(function() survdiff(Surv(time, status) ~ group)))
check("log_rank", answer$chisq)
control <- suppressWarnings(coxph.control(eps = 1e-15, iter.max = 100))
say("cox", median_time(function() suppressWarnings(coxph(Surv(time, status) ~ x[, 1] + x[, 2] + x[, 3], control = control))))
for (j in 1:3) check(paste0("cox", j), coef(answer)[[j]])
for (j in 1:3) check(paste0("cox_error", j), sqrt(vcov(answer)[j, j]))
