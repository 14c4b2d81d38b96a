package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;

/** Which rows are trained on, and how they are seen. */
class FineTuningDataTest {
    private static final float NAN = Float.NaN;
    private static final TtmConfig CONFIG = Samples.config(4, 2)
            .set(Key.PATCH_LENGTH, 2)
            .set(Key.PATCH_STRIDE, 2)
            .build();

    private static Channels channels(Role... roles) {
        Channel[] channels = new Channel[roles.length];
        for (int c = 0; c < roles.length; c++) channels[c] = Channel.of("c" + c, roles[c], 0, 1);
        return new Channels(List.of(channels));
    }

    @Test
    void aShareOfTheFirstRowsTrains() {
        FineTuningData data = FineTuningData.chronological(channels(Role.TARGET), new float[1][100], 10, 0.5, 0.25,
                0.1);
        assertEquals(new Rows(0, 14), data.series().get(0).train());
        assertEquals(new Rows(40, 75), data.series().get(0).validation());
        assertThrows(IllegalArgumentException.class,
                () -> FineTuningData.chronological(channels(Role.TARGET), new float[1][100], 10, 0.8, 0.3, 1));
        refusedAs("context -5: expected that of the model",
                () -> FineTuningData.chronological(channels(Role.TARGET), new float[1][100], -5, 0.5, 0.25, 1));
    }

    @Test
    void valuesThatDoNotFitAreNamed() {
        Channels two = channels(Role.TARGET, Role.PAST_ONLY);
        refused("1 channels; expected 2, the inputs of the roles", two, new float[1][100]);
        refused("0 channels; expected 2, the inputs of the roles", two, new float[0][]);
        refused("3 channels; expected 2, the inputs of the roles", two, new float[3][100]);
        refused("a channel has 9 rows where the first has 100: expected as many", two, new float[100], new float[9]);
        float[][] infinite = new float[2][100];
        infinite[1][70] = Float.NEGATIVE_INFINITY;
        refused("series 0: values[1][70] is infinite; missing values are NaN", two, infinite);
        infinite[1][20] = Float.NEGATIVE_INFINITY; // a training row
        refused("series 0: values[1][20] is infinite; missing values are NaN", two, infinite);
    }

    private static void refused(String message, Channels roles, float[]... values) {
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> FineTuningData.chronological(roles, values, 10, 0.5, 0.25, 1)).getMessage());
    }

    @Test
    void whatIsNullIsNamed() {
        Channels roles = channels(Role.TARGET);
        FineTuningOptions options = FineTuningOptions.defaults();
        FineTuningData data = FineTuningData.chronological(roles, new float[1][100], 10, 0.5, 0.25, 1);
        TtmModel model = new TtmModel(CONFIG);
        refusedAs("base null: expected a model", () -> FineTuning.run(null, data, options, (epoch, best) -> {}));
        refusedAs("data null: ", () -> FineTuning.run(model, null, options, (epoch, best) -> {}));
        refusedAs("options null: ", () -> FineTuning.run(model, data, null, (epoch, best) -> {}));
        refusedAs("listener null: ", () -> FineTuning.run(model, data, options, null));
        refusedAs("frozen null: ", () -> options.withFrozen(null));
        refusedAs("schedule null: ", () -> TrainingPlan.defaults().withSchedule(null, 10));
        refusedAs("channels null: ", () -> new FineTuningData(null, data.series()));
        refusedAs("series null: ", () -> new FineTuningData(roles, null));
        refusedAs("series [null]: ", () -> new FineTuningData(roles, Arrays.asList((FineTuningData.Series) null)));
        refusedAs("values [null]: ",
                () -> new FineTuningData.Series(new double[1][], new int[0], new Rows(0, 1), new Rows(0, 1)));
        refusedAs("roles null: ", () -> FineTuningData.chronological(null, new float[1][100], 10, 0.5, 0.25, 1));
        refusedAs("values null: ", () -> FineTuningData.chronological(roles, (float[][]) null, 10, 0.5, 0.25, 1));
        refusedAs("values [null]: ", () -> FineTuningData.chronological(roles, new float[1][], 10, 0.5, 0.25, 1));
        refusedAs("train, validation null, ",
                () -> new FineTuningData.Series(new double[1][1], new int[0], null, new Rows(0, 1)));
    }

    private static void refusedAs(String message, Executable call) {
        String refused = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(refused.startsWith(message), refused);
    }

    @Test
    void channelsAreStandardisedByAllSeriesTogether() {
        List<double[][]> values = List.of(new double[][]{{1, 3, NAN, 99}, {NAN, NAN, NAN, 1}, {7, 7, 7, 7}},
                new double[][]{{5, 7}, {NAN, NAN}, {7, 7}});
        Channels fitted = FineTuningData.standardising(channels(Role.TARGET, Role.TARGET, Role.TARGET), values,
                List.of(new Rows(0, 3), new Rows(0, 2)));
        assertEquals(4, fitted.all().get(0).mean());
        assertEquals(Math.sqrt(5), fitted.all().get(0).deviation(), 1e-12);
        assertEquals(0, fitted.all().get(1).mean());
        assertEquals(1, fitted.all().get(1).deviation());
        assertEquals(7, fitted.all().get(2).mean());
        assertEquals(1, fitted.all().get(2).deviation());
    }

    @Test
    void aMaskedModelThatMixesNoChannelsHasNoUseForAKnownFuture() {
        TtmConfig masked = CONFIG.toBuilder().set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED).build();
        Channels roles = channels(Role.TARGET, Role.KNOWN_FUTURE);
        FineTuningOptions options = FineTuningOptions.defaults();
        String message = assertThrows(IllegalArgumentException.class,
                () -> Adaptation.configuration(masked, roles, options)).getMessage();
        assertTrue(message.startsWith("channel c1 has a known future, which this model cannot use"), message);
        assertTrue(Adaptation.configuration(masked, roles, options.withChannelMixing(true)).usesExogenous());
    }

    @Test
    void aMaskedModelKeepsItsNumberOfPatches() {
        TtmConfig masked = CONFIG.toBuilder()
                .set(Key.ARCHITECTURES, TtmConfig.Architecture.MASKED)
                .set(Key.PREDICTION_LENGTH, 5)
                .build();
        FineTuningOptions options = FineTuningOptions.defaults();
        assertEquals(4, Adaptation.configuration(masked, channels(Role.TARGET), options.withHorizon(4)).outputLength());
        assertEquals("horizon 3: the patches of this masked-prediction model include the 5 steps that it forecasts",
                assertThrows(IllegalArgumentException.class,
                        () -> Adaptation.configuration(masked, channels(Role.TARGET), options.withHorizon(3)))
                        .getMessage());
    }

    @Test
    void aKnownFutureNeedsNoNeighbouringSteps() {
        TtmConfig base = CONFIG.toBuilder().set(Key.FCM_CONTEXT_LENGTH, 0).build();
        Channels roles = channels(Role.TARGET, Role.KNOWN_FUTURE);
        assertTrue(Adaptation.configuration(base, roles, FineTuningOptions.defaults()).needsKnownFuture());
    }

    @Test
    void theFrequencyMayBeADurationOrAPeriod() {
        FineTuningData data = FineTuningData.chronological(channels(Role.TARGET), new float[1][100], 10, 0.5, 0.25, 1);
        assertEquals(Resolution.UNKNOWN, data.resolution());
        assertEquals(Resolution.HOUR, data.withFrequency(Duration.ofHours(1)).resolution());
        assertEquals(Resolution.DAY, data.withFrequency(Period.ofDays(1)).resolution());
        assertEquals(Resolution.UNKNOWN, data.withFrequency(Period.ofMonths(1)).resolution());
    }

    @Test
    void windowsComeBySeriesThenTimeThenChannel() {
        float[][] first = {{0, 1, 2, 3, 4, 5, 6}, {10, 11, NAN, 13, 14, 15, NAN}};
        float[][] second = {{0, 0, 0, 0, 0, 0}, {20, 21, 22, 23, 24, 25}};
        Rows none = new Rows(0, 0);
        FineTuningData data = new FineTuningData(channels(Role.TARGET, Role.TARGET),
                List.of(new FineTuningData.Series(first, new int[0], new Rows(0, 7), none),
                        new FineTuningData.Series(first, new int[0], new Rows(2, 5), none),
                        new FineTuningData.Series(second, new int[0], new Rows(0, 6), none)));
        RowWindows windows = new RowWindows(CONFIG, data, FineTuningData.Series::train, 100);
        assertEquals(6, windows.size());
        WindowSource.Window window = WindowSource.Window.of(CONFIG, 1);
        windows.fill(window, 3);
        assertArrayEquals(new float[]{11, 12, 13, 14}, window.past());
        assertArrayEquals(new float[]{1, 0, 1, 1}, window.mask());
        assertArrayEquals(new float[]{15, 0}, window.target());
        assertArrayEquals(new float[]{1, 0}, window.targetMask());
        windows.fill(window, 5);
        assertArrayEquals(new float[]{20, 21, 22, 23}, window.past());
        assertEquals(4, new RowWindows(CONFIG, data, FineTuningData.Series::train, 4).size());
    }

    @Test
    void driversThatTrainingDidNotShowAreUnfamiliar() {
        float[] year = new float[100];
        float[] hour = new float[100];
        for (int t = 0; t < 100; t++) {
            year[t] = t < 60 ? 0 : 1;
            hour[t] = t % 24;
        }
        FineTuningData data = FineTuningData.chronological(channels(Role.TARGET, Role.KNOWN_FUTURE, Role.KNOWN_FUTURE),
                new float[][]{year, hour, year}, 10, 0.6, 0.3, 1);
        assertEquals(List.of("c2"), data.unfamiliar().stream().map(Channel::name).toList());
        FineTuningData without = data.without(data.unfamiliar());
        assertEquals(2, without.channels().inputs().size());
        assertEquals(Role.IGNORED, without.channels().all().get(2).role());
        assertArrayEquals(Precision.doubles(hour), without.series().get(0).values()[1]);
        assertTrue(without.unfamiliar().isEmpty());
        // Those of the roles that were given, before their means and deviations were known.
        Channels given = channels(Role.TARGET, Role.KNOWN_FUTURE, Role.KNOWN_FUTURE);
        assertEquals(without.channels(), data.without(given.all().subList(2, 3)).channels());
    }

    /** The rows of the context before the validation rows are training rows. */
    @Test
    void aKnownFutureOfNewValuesIsUnfamiliarBehindALongContextToo() {
        float[][] values = new float[2][2000];
        for (int t = 0; t < 2000; t++) values[0][t] = t % 7;
        for (int t = 1400; t < 2000; t++) values[1][t] = 1;
        FineTuningData data = FineTuningData.chronological(channels(Role.TARGET, Role.KNOWN_FUTURE), values, 512, 0.7,
                0.1, 1);
        assertEquals(List.of("c1"), data.unfamiliar().stream().map(Channel::name).toList());
    }
}
