package org.ttm4j.data.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.corpus.Corpus.CorpusSeries;
import org.ttm4j.data.corpus.CorpusBuilder.CorpusProgress;
import org.ttm4j.data.corpus.CorpusBuilder.CorpusReport;
import org.ttm4j.data.series.DataException;

class CorpusBuilderTest {
    @TempDir
    Path folder;

    private Path corpus;
    private Path parts;
    private final List<CorpusProgress> progress = new ArrayList<>();

    @BeforeEach
    void place() {
        corpus = folder.resolve("corpus.bin");
        parts = folder.resolve("corpus.bin.parts");
    }

    private CorpusReport build(SourceFiles sources, int threads) throws IOException {
        progress.clear();
        return CorpusBuilder.build(sources.manifest(), corpus, threads, progress::add);
    }

    private void buildAndStopAfter(SourceFiles sources, int files) throws IOException {
        Path manifest = sources.manifest();
        assertThrows(IllegalStateException.class, () -> CorpusBuilder.build(manifest, corpus, 1, p -> {
            if (p.filesDone() == files) throw new IllegalStateException("stop");
        }));
        assertFalse(Files.exists(corpus));
    }

    private String refusal(SourceFiles sources) throws IOException {
        Path manifest = sources.manifest();
        DataException refused = assertThrows(DataException.class,
                () -> CorpusBuilder.build(manifest, corpus, 2, p -> {}));
        assertFalse(Files.exists(corpus));
        return refused.getMessage();
    }

    private String refusal(String text) throws IOException {
        SourceFiles sources = new SourceFiles(folder);
        sources.write("x/bad.csv.gz", text);
        sources.row("pretrain", "x", "x/bad.csv.gz", 60);
        return refusal(sources);
    }

    @Test
    void progressAndReportAddUp() throws IOException {
        CorpusReport report = build(SourceFiles.small(folder), 2);
        assertEquals(List.of(1, 2, 3), progress.stream().map(CorpusProgress::filesDone).toList());
        CorpusProgress last = progress.get(2);
        assertEquals(3, last.files());
        assertEquals(4, last.series());
        assertEquals(report.total().tally().kept(), last.observations());
        assertEquals(Duration.ZERO, last.remaining());
        assertEquals(List.of("river", "shop"), report.datasets().stream().map(CorpusReport.Row::dataset).toList());
        CorpusReport.Row river = report.datasets().get(0);
        assertEquals(List.of(3600L, 86400L), river.resolutions());
        assertEquals(2, river.files());
        assertEquals(3, river.series());
        assertEquals(801, river.steps());
        assertEquals(1.0 / 7, 1 - river.tally().kept() / (double) river.steps(), 0.01);
        assertEquals(5, report.total().tally().channels());
        List<String> lines = Files.readAllLines(folder.resolve("corpus.bin.report.csv"));
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).startsWith("river,3600 86400,2,3,3,801,"), lines.get(1));
        assertTrue(lines.get(1).endsWith("\"CC BY, river\""), lines.get(1));
        assertFalse(Files.exists(parts));
    }

    @Test
    void theCorpusIsTheSameWhateverTheThreads() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        build(sources, 1);
        byte[] first = Files.readAllBytes(corpus);
        build(sources, 3);
        assertArrayEquals(first, Files.readAllBytes(corpus));
    }

    @Test
    void anInterruptedRunIsContinued() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        build(sources, 2);
        byte[] whole = Files.readAllBytes(corpus);
        Files.delete(corpus);
        buildAndStopAfter(sources, 1);
        int kept = partFiles().size();
        assertTrue(kept >= 1);
        CorpusReport report = build(sources, 2);
        assertEquals(3 - kept, progress.size());
        assertEquals(4, report.total().series());
        assertArrayEquals(whole, Files.readAllBytes(corpus));
        assertFalse(Files.exists(parts));
    }

    @Test
    void aDamagedPartIsMadeAgain() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        buildAndStopAfter(sources, 3);
        List<Path> made = partFiles();
        assertEquals(3, made.size());
        Files.write(made.get(0), Arrays.copyOf(Files.readAllBytes(made.get(0)), 50));
        Files.write(parts.resolve("0123.part.tmp"), new byte[9]);
        build(sources, 2);
        assertEquals(List.of(3), progress.stream().map(CorpusProgress::filesDone).toList());
        assertEquals(901, Corpus.open(corpus).values());
        assertFalse(Files.exists(parts));
    }

    @Test
    void aChangedFileIsReadAgain() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        buildAndStopAfter(sources, 3);
        sources.write("shop/c.csv.gz", "time,a,b\n" + "2024-01-01,1,2\n2024-01-01,2,1\n".repeat(40));
        build(sources, 1);
        assertEquals(1, progress.size());
        assertEquals(List.of("flow", "level", "flow", "a", "b"),
                Corpus.open(corpus).series().stream().map(CorpusSeries::name).toList());
    }

    @Test
    void anInterruptStopsTheWork() throws IOException {
        Path manifest = SourceFiles.small(folder).manifest();
        assertThrows(InterruptedIOException.class,
                () -> CorpusBuilder.build(manifest, corpus, 2, p -> Thread.currentThread().interrupt()));
        assertTrue(Thread.interrupted());
        assertFalse(Files.exists(corpus));
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        assertEquals("x/bad.csv.gz, line 3: expected 2 cells as in the header, found 3",
                refusal("time,a\n2024-01-01,1\n2024-01-02,1,2\n"));
        assertEquals(
                "x/bad.csv.gz, line 2, column 'b': expected a number of at most 1e100 or an empty cell, found 'no'",
                refusal("time,a,b\n2024-01-01,1,no\n"));
        for (String cell : List.of("NaN", "Infinity", "-1e101", "1 2", "1f")) {
            assertTrue(refusal("time,a\n2024-01-01," + cell + "\n").contains("column 'a'"), cell);
        }
        for (String header : List.of("", "\n", "time\n2024-01-01\n", "date,a\n2024-01-01,1\n")) {
            assertTrue(refusal(header).contains("expected the header"), header);
        }
    }

    @Test
    void filesThatAreNotGzipOrCutOffAreNamed() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        byte[] good = Files.readAllBytes(sources.path("river/b.csv.gz"));
        for (byte[] bad : List.of(new byte[0], "time,a\n".getBytes(), Arrays.copyOf(good, good.length - 20))) {
            Files.write(sources.path("river/b.csv.gz"), bad);
            String message = refusal(sources);
            assertTrue(message.startsWith("river/b.csv.gz") && message.contains("cannot be read"), message);
        }
        Files.delete(sources.path("river/b.csv.gz"));
        assertTrue(refusal(sources).contains("does not exist"));
    }

    @Test
    void evaluationDataIsRefused() throws IOException {
        SourceFiles sameSet = SourceFiles.small(folder);
        sameSet.row("eval", "shop", "shop/other.csv.gz", 60);
        assertTrue(refusal(sameSet).contains("'shop'"));
        SourceFiles sameFile = SourceFiles.small(folder);
        sameFile.row("eval", "mall", "shop/../shop/c.csv.gz", 60);
        assertTrue(refusal(sameFile).contains("another role"));
        SourceFiles none = new SourceFiles(folder);
        none.row("eval", "mall", "shop/c.csv.gz", 60);
        assertTrue(refusal(none).contains("found none"));
    }

    @Test
    void brokenManifestsAreRefused() throws IOException {
        SourceFiles outside = new SourceFiles(folder);
        outside.row("pretrain", "x", "../x.csv.gz", 60);
        assertTrue(refusal(outside).contains("line 2, column 'file'"));
        SourceFiles twice = SourceFiles.small(folder);
        twice.row("pretrain", "shop", "shop/./c.csv.gz", 60);
        assertTrue(refusal(twice).contains("occurs twice"));
        SourceFiles timeless = new SourceFiles(folder);
        timeless.row("pretrain", "x", "x.csv.gz", 0);
        assertTrue(refusal(timeless).contains("resolution_seconds"));
        String expected = ": expected a manifest with the columns role, dataset, file, resolution_seconds, licence; "
                + "it lacks ";
        assertEquals("m.csv" + expected + "resolution_seconds, licence",
                ofManifest("m.csv", "role,dataset,file\npretrain,a,b\n"));
        String repeated = ofManifest("r.csv", "role,dataset,file,file,resolution_seconds,licence\n");
        assertTrue(repeated.startsWith("r.csv: cannot be read: The header contains a duplicate name: \"file\""),
                repeated);
        assertEquals("load.csv" + expected + "role, dataset, file, resolution_seconds, licence",
                ofManifest("load.csv", "time,load\n2024-01-01,1\n"));
        assertEquals("empty.csv" + expected + "role, dataset, file, resolution_seconds, licence",
                ofManifest("empty.csv", ""));
    }

    @Test
    void aManifestOfASpreadsheetIsRead() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        Path manifest = sources.manifest();
        Files.writeString(manifest, "\uFEFF" + Files.readString(manifest));
        assertEquals(4, CorpusBuilder.build(manifest, corpus, 1, p -> {}).total().series());
    }

    @Test
    void noSourceIsOverwritten() throws IOException {
        SourceFiles sources = SourceFiles.small(folder);
        Path source = sources.path("shop/c.csv.gz");
        byte[] before = Files.readAllBytes(source);
        Path manifest = sources.manifest();
        DataException refused = assertThrows(DataException.class,
                () -> CorpusBuilder.build(manifest, source, 1, p -> {}));
        assertEquals("shop/c.csv.gz: the corpus would overwrite this file; write it elsewhere", refused.getMessage());
        assertArrayEquals(before, Files.readAllBytes(source));
    }

    private String ofManifest(String name, String text) throws IOException {
        Path manifest = Files.writeString(folder.resolve(name), text);
        return assertThrows(DataException.class, () -> CorpusBuilder.build(manifest, corpus, 1, p -> {})).getMessage()
                .replace(folder + File.separator, "");
    }

    private List<Path> partFiles() throws IOException {
        try (Stream<Path> files = Files.list(parts)) {
            return files.filter(f -> f.toString().endsWith(".part")).toList();
        }
    }
}
