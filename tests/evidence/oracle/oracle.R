# What the comparisons share. Each oracle script sources this, makes data sets from a seed, asks R and the tool
# (statistics_of_table, in SKERRY_TABLE_TOOL), and ends with finish(): non-zero exit when anything differed.
tool <- Sys.getenv("SKERRY_TABLE_TOOL")
if (tool == "") stop("SKERRY_TABLE_TOOL names the program statistics_of_table")
folder <- tempfile("oracle")
dir.create(folder)
options(digits = 17, warn = 1)
compared <- 0
differences <- character()

# A named list of numbers and texts; error$ and message$ when the statistic could not be computed.
ask <- function(statistic, data, ...) {
  file <- file.path(folder, "table.csv")
  text <- lapply(data, function(x) ifelse(is.na(x), "NaN", formatC(x, digits = 17, format = "g", width = 1)))
  writeLines(c(paste(names(data), collapse = ","), do.call(paste, c(text, sep = ","))), file)
  extra <- list(...)
  arguments <- c(statistic, file, if (length(extra)) paste0(names(extra), "=", sapply(extra, function(v) {
    if (is.numeric(v)) paste(formatC(v, digits = 17, format = "g", width = 1), collapse = ";") else as.character(v)
  })))
  lines <- suppressWarnings(system2(tool, shQuote(arguments), stdout = TRUE))
  lines <- lines[grepl('^"', lines)]
  keys <- sub('^"(.*?)": .*$', "\\1", lines, perl = TRUE)
  values <- sub(",$", "", sub('^".*?": ', "", lines, perl = TRUE))
  out <- lapply(values, function(v) {
    if (v == "null") NA_real_
    else if (v %in% c('"Inf"', '"-Inf"', '"NaN"')) as.numeric(gsub('"', "", v))
    else if (startsWith(v, '"')) gsub('^"|"$', "", v)
    else as.numeric(v)
  })
  names(out) <- keys
  out
}

# `got` and `want` differ by no more than `relative` of `want`, or `absolute`.
same <- function(what, got, want, relative = 1e-9, absolute = 0) {
  compared <<- compared + 1
  if (is.null(got)) got <- NA_real_
  want <- unname(want)
  close <- (is.na(got) && is.na(want)) || (!is.na(got) && !is.na(want) && (got == want || (is.finite(got) && is.finite(want) &&
    abs(got - want) <= max(relative * abs(want), absolute))))
  if (!close) differences <<- c(differences, sprintf("%s: %.17g instead of %.17g (relative %.3g)", what, got, want, abs(got / want - 1)))
}
expect <- function(what, holds) {
  compared <<- compared + 1
  if (!isTRUE(holds)) differences <<- c(differences, what)
}

finish <- function() {
  unlink(folder, recursive = TRUE)
  if (length(differences)) {
    cat(utils::head(differences, 40), sep = "\n")
    cat(sprintf("%d of %d numbers differ\n", length(differences), compared))
    quit(status = 1)
  }
  cat(sprintf("%d numbers agree\n", compared))
}
