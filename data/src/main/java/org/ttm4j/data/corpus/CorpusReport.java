package org.ttm4j.data.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.ttm4j.data.corpus.CorpusFile.CutTally;

/**
 * The numbers of series and observations that a corpus kept and dropped, by data set and in total. Immutable.
 *
 * @param datasets a row for each data set, in the order of the manifest
 * @param total the row of all data sets together
 */
public record CorpusReport(List<Row> datasets, Row total) {
    private static final String[] COLUMNS = {"dataset", "resolution_seconds", "files", "channels", "series", "steps",
            "observations_read", "observations_kept", "missing_share", "dropped_outliers", "dropped_flat", "flat_runs",
            "dropped_short", "short_pieces", "dropped_mostly_missing", "mostly_missing_pieces", "licence"};

    /** Copies the list. */
    public CorpusReport {
        datasets = List.copyOf(datasets);
    }

    /**
     * The numbers of one data set, or of all of them.
     *
     * @param dataset the name of the data set, or "total"
     * @param resolutions the resolutions of the files in seconds, ascending
     * @param licences the licences of the files
     * @param files the number of files
     * @param series the number of series kept
     * @param steps the number of steps of these series, including missing ones
     * @param tally the numbers of observations read and dropped
     */
    public record Row(String dataset, List<Long> resolutions, List<String> licences, int files, int series, long steps,
            CutTally tally) {}

    static CorpusReport of(List<CorpusFile> allFiles, List<CorpusSeries> allSeries) {
        Map<String, List<CorpusFile>> files = allFiles.stream()
                .collect(Collectors.groupingBy(CorpusFile::dataset, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<CorpusSeries>> series = allSeries.stream()
                .collect(Collectors.groupingBy(CorpusSeries::dataset));
        List<Row> rows = new ArrayList<>();
        files.forEach((dataset, own) -> rows.add(row(dataset, own, series.getOrDefault(dataset, List.of()))));
        return new CorpusReport(rows, row("total", allFiles, allSeries));
    }

    /** Writes the report as CSV in UTF-8, with the total in the last row. */
    public void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", COLUMNS));
        for (Row row : datasets) lines.add(line(row));
        lines.add(line(total));
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        CorpusPart.replace(file, out -> CorpusPart.writeAll(out, ByteBuffer.wrap(text)));
    }

    private static Row row(String dataset, List<CorpusFile> files, List<CorpusSeries> series) {
        List<Long> resolutions = List.copyOf(
                files.stream().map(CorpusFile::resolutionSeconds).collect(Collectors.toCollection(TreeSet::new)));
        List<String> licences = files.stream().map(CorpusFile::licence).distinct().toList();
        CutTally tally = files.stream().map(CorpusFile::tally).reduce(CutTally.NOTHING, CutTally::plus);
        long steps = series.stream().mapToLong(CorpusSeries::length).sum();
        return new Row(dataset, resolutions, licences, files.size(), series.size(), steps, tally);
    }

    private String line(Row row) {
        CutTally tally = row.tally();
        String resolutions = row.resolutions().stream().map(String::valueOf).collect(Collectors.joining(" "));
        String licences = row == total ? "" : String.join(" | ", row.licences());
        String missing = row.steps() == 0
                ? ""
                : String.format(Locale.ROOT, "%.4f", 1 - tally.kept() / (double) row.steps());
        return CSVFormat.DEFAULT.format(row.dataset(), resolutions, row.files(), tally.channels(), row.series(),
                row.steps(), tally.read(), tally.kept(), missing, tally.outliers(), tally.flat(), tally.flatRuns(),
                tally.tooShort(), tally.shortPieces(), tally.mostlyMissing(), tally.sparsePieces(), licences);
    }
}
