package org.ttm4j.eval.pretraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.corpus.Corpus.CorpusFile;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.synthetic.SyntheticSeries;
import org.ttm4j.eval.validation.Validation;
import org.ttm4j.ttm.BundledModels;

/** The corpus to pre-train on has only data sets under open licences, and none of those to evaluate on. */
class PretrainingSetsTest {
    private static final Path SHARED = Path.of(System.getProperty("ttm4j.shared", "../../shared"));
    private static final Set<String> OPEN = Set.of("public-domain", "CC0-1.0", "PDDL-1.0", "ODbL-1.0", "CC-BY",
            "CC-BY-4.0", "CC-BY-3.0-AU", "DL-DE-BY-2.0", "OGL-UK-3.0", "OGL-Canada-2.0", "EUPL-1.2", "Apache-2.0",
            "BSD-3-Clause", "MIT");

    @TempDir
    Path folder;

    private static List<CSVRecord> rows(Reader text) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
        try (CSVParser parser = CSVParser.builder().setReader(text).setFormat(format).get()) {
            return parser.getRecords();
        }
    }

    private static List<CSVRecord> rows(String resource) throws IOException {
        try (InputStream in = PretrainConfig.class.getResourceAsStream(resource)) {
            return rows(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
    }

    private static Set<String> datasets(List<CSVRecord> rows, Set<String> roles) {
        return rows.stream()
                .filter(row -> roles.contains(row.get("role")))
                .map(row -> row.get("dataset"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everySetThatIsUsedHasAnOpenLicenceAndASourceOfIt() throws IOException {
        for (CSVRecord row : rows("sets.csv")) {
            boolean used = Set.of("training", "validation", "kept_aside").contains(row.get("role"));
            assertTrue(used || row.get("role").equals("dropped"), row.toString());
            assertEquals(used, OPEN.contains(row.get("licence")), row.toString());
            assertTrue(used || row.get("licence").equals("none"), row.toString());
            assertTrue(row.get("basis").length() > 3, row.toString());
            // An open licence is not one that the source restricts.
            assertTrue(!used || !row.get("basis").matches("(?i).*(non-?commercial|-nc|research only|no derivatives).*"),
                    row.toString());
        }
    }

    @Test
    void validationAndKeptAsideSetsAreThoseThatAreMeasured() throws IOException {
        List<CSVRecord> rows = rows("sets.csv");
        assertTrue(Validation.validationSets().containsAll(datasets(rows, Set.of("validation"))));
        assertTrue(Validation.keptAsideSets().containsAll(datasets(rows, Set.of("kept_aside"))));
        assertTrue(datasets(rows, Set.of("training")).stream()
                .noneMatch(name -> Validation.validationSets().contains(name)
                        || Validation.keptAsideSets().contains(name)));
    }

    @Test
    void shippedWeightsRestOnSetsWithAnOpenLicenceAlone() throws IOException {
        try (InputStream in = BundledModels.class.getResourceAsStream("models/data.csv")) {
            List<CSVRecord> shipped = rows(new InputStreamReader(in, StandardCharsets.UTF_8));
            Set<String> training = datasets(shipped, Set.of("training"));
            assertTrue(training.size() > 90, training.toString());
            for (CSVRecord row : shipped) assertTrue(OPEN.contains(row.get("licence")), row.toString());
            for (CSVRecord row : rows("sets.csv")) {
                if (OPEN.contains(row.get("licence"))) training.remove(row.get("dataset"));
            }
            assertEquals(Set.of(), training);
        }
    }

    @Test
    void packagesHaveAVersionAndAHash() throws IOException {
        for (CSVRecord row : rows("packages.csv")) {
            assertTrue(row.get("sha256").matches("[0-9a-f]{64}") && row.get("version").matches("[0-9].*"),
                    row.toString());
        }
    }

    @Test
    void everySetOfTheCollectionIsUsedOrDroppedAndNoneIsEvaluationData() throws IOException {
        Path manifest = SHARED.resolve("data/MANIFEST.csv");
        assumeTrue(Files.exists(manifest), manifest + " is absent");
        List<CSVRecord> collection = rows(Files.newBufferedReader(manifest));
        Set<String> all = datasets(rows("sets.csv"), Set.of("training", "validation", "kept_aside", "dropped"));
        assertTrue(all.containsAll(datasets(collection, Set.of("pretrain"))));
        for (String name : datasets(collection, Set.of("eval"))) {
            String stem = name.toLowerCase().replaceAll("[^a-z]", "");
            for (String used : all)
                assertTrue(!used.replaceAll("[^a-z]", "").contains(stem), used + " looks like " + name);
        }
    }

    /** A rounded copy in another unit, upside down, within a longer series. */
    @Test
    void aCopyIsFoundAndAnotherSeriesIsNot() throws IOException {
        float[] original = new float[2000];
        SyntheticSeries.fill(original, 1, 1);
        StringBuilder csv = new StringBuilder("time,value\n");
        for (int t = 0; t < original.length; t++) csv.append(t).append(',').append(original[t]).append('\n');
        CopyFinder finder = new CopyFinder();
        finder.add(Files.writeString(folder.resolve("evaluation.csv"), csv), 3600);
        assertTrue(finder.count() > 0);
        float[] copy = new float[1500];
        float[] other = new float[1500];
        SyntheticSeries.fill(copy, 1, 2);
        SyntheticSeries.fill(other, 1, 3);
        for (int t = 0; t < 1000; t++) copy[300 + t] = 7 - Math.round(original[200 + t] * 50) / 20f;
        assertTrue(finder.greatest(copy, 3600) > CopyFinder.COPY);
        assertTrue(finder.greatest(other, 3600) < 0.8);
        assertEquals(0, finder.greatest(copy, 900));
    }

    /**
     * The values of a corpus, {@code -Dttm4j.corpus=FILE}, against those of the evaluation data: no window of 192 steps of
     * these correlates with a stretch of a series of the same resolution as a copy of it would. The sets of the collection
     * were compared with more evaluation data when it was made, so that only those of packages are compared here.
     */
    @Test
    void noSeriesOfTheCorpusRepeatsAnEvaluationSeries() throws IOException {
        String file = System.getProperty("ttm4j.corpus");
        assumeTrue(file != null && Files.exists(SHARED.resolve("data/eval")), "no corpus, or no evaluation data");
        Corpus corpus = Corpus.open(Path.of(file));
        CopyFinder finder = new CopyFinder();
        List<CSVRecord> collection = rows(Files.newBufferedReader(SHARED.resolve("data/MANIFEST.csv")));
        Set<String> compared = datasets(collection, Set.of("pretrain"));
        for (CSVRecord row : collection) {
            if (row.get("role").equals("eval")) {
                finder.add(SHARED.resolve("data").resolve(row.get("file")),
                        Long.parseLong(row.get("resolution_seconds")));
            }
        }
        assertTrue(finder.count() > 100, "windows of evaluation data: " + finder.count());
        StringBuilder copies = new StringBuilder();
        for (int i = 0; i < corpus.series().size(); i++) {
            CorpusSeries series = corpus.series().get(i);
            CorpusFile of = series.file();
            if (compared.contains(of.dataset())) continue;
            float[] values = new float[series.length()];
            corpus.read(i, 0, values.length, values, 0);
            double most = finder.greatest(values, of.resolutionSeconds());
            if (most > CopyFinder.COPY) {
                copies.append(of.name()).append(' ').append(series.name()).append(": ").append(most).append('\n');
            }
        }
        assertEquals("", copies.toString());
    }
}
