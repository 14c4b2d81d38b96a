package org.ttm4j.data.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.corpus.Corpus.CorpusFile.CutTally;

class SeriesCutterTest {
    private static final int HOUR = 3600;
    private static final int MINUTE = 60;

    private final List<double[]> pieces = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();

    private CutTally cut(double[] values, long resolution) {
        pieces.clear();
        starts.clear();
        SeriesCutter cutter = new SeriesCutter(resolution, (channel, all, start, length, observed) -> {
            pieces.add(Arrays.copyOfRange(all, start, start + length));
            starts.add(start);
            assertEquals("c", channel);
            assertEquals(observed, Arrays.stream(all, start, start + length).filter(v -> !Double.isNaN(v)).count());
        });
        cutter.cut("c", values);
        return cutter.tally();
    }

    private static double[] noise(int length) {
        return new Random(7).doubles(length, 10, 20).toArray();
    }

    private static double[] fill(double[] values, int from, int to, double value) {
        Arrays.fill(values, from, to, value);
        return values;
    }

    @Test
    void missingEndsAreCutOff() {
        double[] values = fill(fill(noise(200), 0, 30, Double.NaN), 180, 200, Double.NaN);
        CutTally tally = cut(values, HOUR);
        assertEquals(List.of(30), starts);
        assertEquals(150, pieces.get(0).length);
        assertEquals(150, tally.kept());
    }

    @Test
    void aGapOf64IsKeptAndOneOf65Splits() {
        cut(fill(noise(400), 150, 214, Double.NaN), HOUR);
        assertEquals(List.of(0), starts);
        assertTrue(Double.isNaN(pieces.get(0)[150]) && Double.isNaN(pieces.get(0)[213]));
        cut(fill(noise(400), 150, 215, Double.NaN), HOUR);
        assertEquals(List.of(0, 215), starts);
        assertEquals(150, pieces.get(0).length);
        assertEquals(185, pieces.get(1).length);
    }

    @Test
    void piecesUnder64ObservationsAreTooShort() {
        assertEquals(64, cut(noise(64), HOUR).kept());
        CutTally tally = cut(noise(63), HOUR);
        assertEquals(List.of(), starts);
        assertEquals(63, tally.tooShort());
        assertEquals(1, tally.shortPieces());
    }

    @Test
    void piecesWithLessThanHalfObservedAreDropped() {
        double[] values = noise(401);
        for (int i = 1; i < values.length; i += 2) values[i] = Double.NaN;
        assertEquals(201, cut(values.clone(), HOUR).kept());
        values[2] = Double.NaN;
        values[4] = Double.NaN;
        CutTally tally = cut(values, HOUR);
        assertEquals(199, tally.mostlyMissing());
        assertEquals(1, tally.sparsePieces());
        assertEquals(List.of(), starts);
    }

    @Test
    void aStuckSensorIsCutOut() {
        CutTally tally = cut(fill(noise(600), 200, 264, 15), HOUR);
        assertEquals(0, tally.flat(), "64 equal values are not yet a stuck sensor");
        tally = cut(fill(noise(600), 200, 265, 15), HOUR);
        assertEquals(65, tally.flat());
        assertEquals(1, tally.flatRuns());
        assertEquals(List.of(0, 265), starts);
    }

    @Test
    void aStuckSensorLastsADayAtLeast() {
        assertEquals(0, cut(fill(noise(4000), 200, 200 + 1440, 15), MINUTE).flat());
        assertEquals(1441, cut(fill(noise(4000), 200, 200 + 1441, 15), MINUTE).flat());
    }

    @Test
    void missingStepsDoNotEndAStuckSensor() {
        double[] values = fill(noise(600), 200, 270, 15);
        values[230] = Double.NaN;
        assertEquals(69, cut(values, HOUR).flat());
    }

    @Test
    void nightsOfZerosAndCeilingsAreNatural() {
        for (double rest : new double[]{0, 10, 20}) {
            assertEquals(0, cut(fill(noise(900), 200, 400, rest), HOUR).flat(), "200 of " + rest);
            assertEquals(201, cut(fill(noise(900), 200, 401, rest), HOUR).flat(), "201 of " + rest);
        }
        assertEquals(0, cut(fill(noise(9000), 200, 200 + 3 * 1440, 0), MINUTE).flat());
        assertEquals(3 * 1440 + 1, cut(fill(noise(9000), 200, 201 + 3 * 1440, 0), MINUTE).flat());
    }

    @Test
    void aChannelOfOneValueIsFlat() {
        CutTally tally = cut(fill(new double[100], 0, 100, 4), HOUR);
        assertEquals(100, tally.flat());
        assertEquals(1, tally.flatRuns());
        assertEquals(List.of(), starts);
    }

    @Test
    void absurdValuesBecomeMissing() {
        double[] values = noise(500);
        values[100] = 1e9;
        values[300] = -1e100;
        values[400] = 60;
        CutTally tally = cut(values, HOUR);
        assertEquals(2, tally.outliers());
        assertEquals(498, tally.kept());
        assertTrue(Double.isNaN(pieces.get(0)[100]) && Double.isNaN(pieces.get(0)[300]));
        assertTrue(pieces.get(0)[400] > 5, "a high but possible value stays");
    }

    @Test
    void rareEventsAreNotAbsurd() {
        double[] rain = new double[1000];
        for (int i = 0; i < rain.length; i += 50) rain[i] = 1 + i % 3;
        assertEquals(1000, cut(rain, HOUR).kept());
    }

    @Test
    void piecesHaveMeanZeroAndVarianceOne() {
        double[] values = noise(500);
        for (int i = 0; i < values.length; i++) values[i] += 1e12;
        cut(values, HOUR);
        double[] piece = pieces.get(0);
        assertEquals(0, Arrays.stream(piece).average().orElseThrow(), 1e-9);
        assertEquals(1, Arrays.stream(piece).map(v -> v * v).average().orElseThrow(), 1e-9);
    }

    @Test
    void everyObservationIsAccountedFor() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double[] values = random.doubles(random.nextInt(1500)).toArray();
            for (int i = random.nextInt(6); i > 0 && values.length > 0; i--) {
                int from = random.nextInt(values.length);
                int to = Math.min(values.length, from + random.nextInt(300));
                fill(values, from, to, new double[]{Double.NaN, 0, 0.5, 1e20}[random.nextInt(4)]);
            }
            CutTally tally = cut(values.clone(), HOUR);
            long kept = pieces.stream().flatMapToDouble(Arrays::stream).filter(v -> !Double.isNaN(v)).count();
            assertEquals(kept, tally.kept(), "seed " + seed);
            assertEquals(Arrays.stream(values).filter(v -> !Double.isNaN(v)).count(), tally.read(), "seed " + seed);
        }
    }
}
