package org.ttm4j.eval.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.data.corpus.Corpus;
import org.ttm4j.data.corpus.CorpusBuilder;
import org.ttm4j.eval.validation.Validation.SetScore;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.CorpusSamples;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

class ValidationTest {
    private static final int CONTEXT = Samples.CONTEXT;
    private static final int HORIZON = Samples.HORIZON;
    private static final TtmConfig CONFIG = Samples.config().set(Key.RESOLUTION_PREFIX_TUNING, true).build();

    @TempDir
    Path folder;
    private Corpus corpus;

    @BeforeEach
    void buildCorpus() throws IOException {
        Path file = folder.resolve("corpus.bin");
        CorpusBuilder.build(CorpusSamples.manifest(folder), file, 1, progress -> {});
        corpus = Corpus.open(file);
    }

    private static Forecaster forecaster() {
        return Forecaster.of(new TtmModel(CONFIG).initialize(4)).fast();
    }

    private Validation validation(int mostHistory, String name) {
        return new Validation(corpus, name, CONTEXT, mostHistory, HORIZON);
    }

    @Test
    void aModelOfZerosForecastsTheMeanOfThePast() throws InterruptedException {
        Validation.Score score = Validation.score(List.of(validation(CONTEXT, "sea"), validation(CONTEXT, "town")),
                Forecaster.of(new TtmModel(CONFIG)).fast(), 2);
        // The series have deviation 1 and are nearly sines, two days of which have almost their mean.
        assertEquals(1, score.mse(), 0.1);
        // The mean of two days errs by the noise, 2 % of the variance, and a half of it.
        assertTrue(score.ratio() > 15, "ratio " + score.ratio());
    }

    @Test
    void scoresDoNotDependOnThreads() throws InterruptedException {
        List<Validation> sets = List.of(validation(200, "sea"), validation(200, "hill"));
        assertEquals(Validation.score(sets, forecaster(), 1), Validation.score(sets, forecaster(), 3));
        for (Validation set : sets) {
            SetScore one = set.setScore(forecaster(), 2048, false, 1, done -> {});
            SetScore three = set.setScore(forecaster(), 2048, false, 3, done -> {});
            assertEquals(one.model().mase(), three.model().mase());
            assertEquals(one.model().quantiles().crps(), three.model().quantiles().crps());
            assertEquals(one.naive().quantiles().crps(), three.naive().quantiles().crps());
        }
    }

    @Test
    void theSeasonalNaiveForecastErrsByTheNoise() throws InterruptedException {
        SetScore sea = validation(200, "sea").setScore(forecaster(), 2048, false, 2, done -> {});
        assertEquals("sea", sea.name());
        assertEquals(Duration.ofHours(1), sea.frequency());
        // Two series of 400 steps: 2 · (400 − 48 − 12 + 1) windows, of which every second.
        assertEquals(341, sea.windows());
        // Noise of deviation 1 beside a sine of amplitude 10, against noise: 2 / (50 + 1).
        assertEquals(2 / 51.0, sea.naive().mse(), 0.004);
        assertEquals(1, sea.naive().mase(), 0.05);
        assertEquals(sea.windows() * HORIZON, sea.naive().count());
        // 20 windows are as good as known: 80 % is 2 · 1.28 deviations of the error.
        assertEquals(0.8, sea.naive().quantiles().coverage()[0], 0.06);
    }

    @Test
    void windowsWithTooLittleHistoryHaveNoQuantiles() throws InterruptedException {
        // Nine windows, three steps apart, behind a full context, and the horizon.
        int needed = CONTEXT + 8 * 3 + HORIZON;
        Validation short1 = new Validation(corpus, "sea", CONTEXT, needed - 1, HORIZON);
        SetScore none = short1.setScore(forecaster(), 2048, false, 2, done -> {});
        assertEquals(0, none.calibrated());
        assertTrue(Double.isNaN(none.model().quantiles().crps()));
        Validation enough = new Validation(corpus, "sea", needed, needed, HORIZON);
        SetScore all = enough.setScore(forecaster(), 2048, false, 2, done -> {});
        assertEquals(all.windows(), all.calibrated());
        assertEquals(all.model().count(), all.model().quantiles().count());
        assertEquals(all.naive().count(), all.naive().quantiles().count(), "the same windows");
        SetScore some = validation(200, "sea").setScore(forecaster(), 2048, false, 2, done -> {});
        assertTrue(some.calibrated() > 0 && some.calibrated() < some.windows());
        assertEquals(some.model().quantiles().count(), some.naive().quantiles().count());
    }

    @Test
    void windowsOfShortSeriesLieInTheirSecondHalf() throws InterruptedException {
        // Two series of 400 steps: 400 − 12 of which half is history, and every origin after that counts, 2 · 195.
        Validation half = Validation.ofAnyLength(corpus, "sea", 512, 2048, HORIZON);
        assertEquals(390, half.windows());
        SetScore sea = half.setScore(forecaster(), 2048, false, 2, done -> {});
        assertEquals(1, sea.naive().mase(), 0.1, "the season of a day");
        Validation full = Validation.ofAnyLength(corpus, "sea", CONTEXT, 200, HORIZON);
        assertEquals(validation(200, "sea").windows(), full.windows());
        // Four days and 304 steps are 400; a step more leaves less than two days of history.
        assertEquals(2, Validation.ofAnyLength(corpus, "sea", 512, 2048, 304).windows() / 49);
        assertEquals("validation: no series of sea has 4 seasons and 305 steps more",
                assertThrows(IllegalArgumentException.class,
                        () -> Validation.ofAnyLength(corpus, "sea", 512, 2048, 305)).getMessage());
    }

    @Test
    void aSetThatIsNotThereIsNamed() {
        assertEquals("validation: the corpus has no data set lake",
                assertThrows(IllegalArgumentException.class, () -> validation(CONTEXT, "lake")).getMessage());
    }

    @Test
    void eachSeriesHasItsOwnFrequency() throws IOException, InterruptedException {
        Path manifest = Files.writeString(folder.resolve("mixed.csv"), """
                role,dataset,file,resolution_seconds,resolution,licence
                pretrain,coast,sea.csv.gz,3600,1h,none
                pretrain,coast,hill.csv.gz,1800,30min,none
                """);
        CorpusBuilder.build(manifest, folder.resolve("mixed.bin"), 1, progress -> {});
        corpus = Corpus.open(folder.resolve("mixed.bin"));
        SetScore coast = validation(200, "coast").setScore(forecaster(), 2048, false, 2, done -> {});
        assertEquals(coast.windows() * HORIZON, coast.model().count());
    }

    @Test
    void theSetsAreShipped() {
        assertEquals(14, Validation.validationSets().size());
        assertTrue(Validation.validationSets().contains("us_births"));
        assertEquals(15, Validation.keptAsideSets().size());
        assertTrue(Collections.disjoint(Validation.validationSets(), Validation.keptAsideSets()));
    }
}
