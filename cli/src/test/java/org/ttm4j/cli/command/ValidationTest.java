package org.ttm4j.cli.command;

import org.ttm4j.eval.validation.Validation;
import org.ttm4j.ttm.fixtures.CorpusSamples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.model.TtmModel;

class ValidationTest {
    private static final TtmConfig CONFIG = Samples.config().resolutionPrefixTuning(true).build();

    @TempDir
    Path folder;
    private Corpus corpus;

    @BeforeEach
    void buildCorpus() throws IOException {
        Path file = folder.resolve("corpus.bin");
        CorpusBuilder.build(CorpusSamples.manifest(folder), file, 1, progress -> {});
        corpus = Corpus.open(file);
    }

    @Test
    void aModelOfZerosForecastsTheMeanOfThePast() {
        Validation.Score score = new Validation(corpus, List.of("sea", "town"), CONFIG).score(new TtmModel(CONFIG));
        assertEquals(List.of("sea", "town"), score.sets().stream().map(Validation.SetScore::name).toList());
        // The series have deviation 1 and are nearly sines, two days of which have almost their mean.
        assertEquals(1, score.mse(), 0.1);
        double product = score.sets().get(0).ratio() * score.sets().get(1).ratio();
        assertEquals(Math.sqrt(product), score.ratio(), 1e-12);
        // The mean of two days errs by the noise, 2 % of the variance, and a half of it.
        assertTrue(score.ratio() > 15, "ratio " + score.ratio());
    }

    @Test
    void scoresAreRepeatable() {
        TtmModel model = new TtmModel(CONFIG).initialize(4);
        Validation validation = new Validation(corpus, List.of("sea"), CONFIG);
        assertEquals(validation.score(model), validation.score(model));
        assertEquals(validation.score(model), new Validation(corpus, List.of("sea"), CONFIG).score(model));
    }

    @Test
    void aSetWithoutAWindowIsNamed() {
        assertEquals("validation: no window of 60 in lake",
                assertThrows(IllegalArgumentException.class, () -> new Validation(corpus, List.of("lake"), CONFIG))
                        .getMessage());
    }

    @Test
    void aSetOfSeveralResolutionsHasNoOneInterval() throws IOException {
        Path manifest = Files.writeString(folder.resolve("mixed.csv"), """
                role,dataset,file,resolution_seconds,resolution,licence
                pretrain,coast,sea.csv.gz,3600,1h,none
                pretrain,coast,hill.csv.gz,1800,30min,none
                """);
        CorpusBuilder.build(manifest, folder.resolve("mixed.bin"), 1, progress -> {});
        Validation validation = new Validation(Corpus.open(folder.resolve("mixed.bin")), List.of("coast"), CONFIG);
        assertNull(validation.score(new TtmModel(CONFIG)).sets().get(0).frequency());
        assertEquals("validation: coast has series of several resolutions; expected one a data set",
                assertThrows(IllegalArgumentException.class, validation::requireOneFrequency).getMessage());
        new Validation(corpus, List.of("sea"), CONFIG).requireOneFrequency();
    }
}
