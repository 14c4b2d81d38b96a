package org.ttm4j.eval.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.forecast.interval.Quantiles;
import org.w3c.dom.Document;

class PlotTest {
    private static final TimeAxis HOURLY = axis(Frequency.ofMillis(3_600_000));

    private static TimeAxis axis(Frequency frequency) {
        return new TimeAxis(millis(2024, 2, 26, 0), frequency, frequency.isCalendar() ? 26 : 0,
                new TimeFormat("uuuu-MM-dd HH:mm", ZoneOffset.UTC));
    }

    private static long millis(int year, int month, int day, int hour) {
        return LocalDateTime.of(year, month, day, hour, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private static double[] wave(int length) {
        double[] values = new double[length];
        for (int t = 0; t < length; t++) values[t] = (float) (100 + 20 * Math.sin(t / 4.0));
        return values;
    }

    private static Panel panel(String title, TimeAxis axis, double[] history, double[] forecast, Quantiles quantiles) {
        return ForecastPanel.of(title, axis, history, forecast, quantiles, 0, 20);
    }

    private static String svg(Panel panel) {
        return SvgPicture.of("x", "y", List.of(panel));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aReadingGoneWrongDoesNotFlattenThePicture() {
        double[] history = wave(200);
        double[] demand = new double[200];
        history[150] = demand[150] = 1e5;
        double[] forecast = wave(20);
        assertEquals(120, panel("load", HOURLY, history, forecast, null).up().max(), 20);
        assertTrue(panel("demand", HOURLY, demand, forecast, null).up().max() > 1e5, "the only order");
    }

    @Test
    void svgIsWellFormedWhateverTheNames() throws Exception {
        String name = "<&>\"'\u0001\ud800\u202e ünï";
        Panel panel = panel(name, HOURLY, wave(100), wave(24), null);
        String svg = SvgPicture.of(name, name, List.of(panel, panel));
        Document document = parsed(svg);
        assertEquals("svg", document.getDocumentElement().getTagName());
        assertTrue(svg.contains("prefers-color-scheme:dark"));
        assertTrue(svg.contains("&lt;&amp;&gt;") && svg.contains("??? ünï"));
    }

    @Test
    void everyKindOfSeriesCanBeDrawn() throws Exception {
        double nan = Double.NaN;
        double[][] histories = {{1}, {nan, nan}, {nan, 5, nan, 7, 8, nan}, {3, 3, 3}, {-1e30f, 1e30f}, {1e-20f, 2e-20f},
                {0, 0}, {Float.MAX_VALUE, -Float.MAX_VALUE}, wave(5000)};
        for (double[] history : histories) {
            for (int horizon : new int[]{1, 2000}) {
                double[] forecast = new double[horizon];
                Arrays.fill(forecast, 2);
                for (int months : new int[]{0, 1, 12}) {
                    TimeAxis axis = months == 0 ? HOURLY : axis(Frequency.ofMonths(months));
                    Panel panel = panel("x", axis, history, forecast, null);
                    String svg = svg(panel);
                    parsed(svg);
                    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), Arrays.toString(history));
                    BraillePlot.of(panel);
                }
            }
        }
    }

    @Test
    void bandsAreDrawnAndTheirEdgesFitIntoThePanel() throws Exception {
        for (int horizon : new int[]{1, 24, 3001}) {
            double[] forecast = new double[horizon];
            double[] low = new double[horizon];
            double[] high = new double[horizon];
            Arrays.fill(low, -50);
            Arrays.fill(high, 70);
            Quantiles quantiles = new Quantiles(new double[]{0.1, 0.9}, new double[][][]{{low}, {high}}, 9);
            Panel panel = panel("x", HOURLY, wave(100), forecast, quantiles);
            assertTrue(panel.up().min() < -50 && panel.up().max() > 120, panel.up().toString());
            String svg = svg(panel);
            parsed(svg);
            assertEquals(2, svg.split("class=\"band\"", -1).length - 1);
            assertTrue(svg.contains(">80 % intervals<"));
        }
        assertFalse(svg(panel("x", HOURLY, wave(9), wave(2), null)).contains("class=\"band\""));
    }

    @Test
    void missingValuesBreakTheLineAndLoneOnesShow() throws Exception {
        double nan = Double.NaN;
        String svg = svg(panel("x", HOURLY, new double[]{1, 2, nan, 4, nan, 6, 7}, new double[]{8}, null));
        String history = svg.lines().filter(line -> line.contains("\"history\"")).skip(1).findFirst().orElseThrow();
        assertEquals(3, history.chars().filter(c -> c == 'M').count(), history);
        assertEquals(1, history.split("h0", -1).length - 1, history);
    }

    @Test
    void longSeriesAreThinnedWithoutLosingPeaks() {
        double[] history = new double[100_000];
        history[54_321] = 9;
        int[] kept = Curve.thinned(history, 1000);
        assertTrue(kept.length <= 1500);
        assertTrue(IntStream.of(kept).anyMatch(i -> i == 54_321));
        assertTrue(IntStream.range(1, kept.length).allMatch(i -> kept[i] > kept[i - 1]));
    }

    private static List<String> labels(Axis axis, int count) {
        return axis.ticks(count).stream().map(Axis.Tick::label).toList();
    }

    private static List<String> values(double low, double high, int count) {
        return labels(Axis.around(low, high), count);
    }

    @Test
    void valueTicksAreRound() {
        assertEquals(List.of("0", "20", "40", "60", "80", "100"), values(3, 98, 5));
        assertEquals(List.of("0.1", "0.2", "0.3"), values(0.1, 0.3, 3));
        assertEquals(List.of("-1", "0", "1"), values(-1, 1, 3));
        assertTrue(values(5, 5, 4).contains("5.0"), values(5, 5, 4).toString());
        for (double size : new double[]{1e-30, 1e-6, 1, 12345, 9.9e8, 1e30}) {
            List<String> labels = values(-size, 3 * size, 4);
            assertTrue(labels.size() >= 2 && labels.size() <= 7, size + ": " + labels);
            assertEquals(labels.size(), labels.stream().distinct().count(), labels.toString());
            labels.forEach(label -> assertTrue(label.length() <= 12, label));
        }
    }

    @Test
    void largeValuesHaveCommasAndUnits() {
        assertEquals(List.of("2000", "4000", "6000"), values(1500, 6500, 4));
        assertEquals(List.of("0", "20,000", "40,000"), values(0, 41_000, 3));
        assertEquals(List.of("-20,000", "0", "20,000"), values(-21_000, 21_000, 3));
        assertEquals(List.of("2.5 million", "3.0 million", "3.5 million"), values(2.4e6, 3.6e6, 3));
        assertEquals(List.of("0", "2 billion", "4 billion"), values(0, 4e9, 3));
        assertEquals(List.of("5,000,000", "5,000,200", "5,000,400"), values(5_000_000, 5_000_400, 3));
        assertEquals(List.of("0", "2e18", "4e18"), values(0, 4e18, 3));
        assertEquals(List.of("0", "2e-8", "4e-8"), values(0, 4e-8, 3));
        assertTrue(values(20_000.1, 20_000.2, 2).contains("20,000.15"));
    }

    @Test
    void countsAreWholeAndPlain() {
        assertEquals(List.of("2010", "2015", "2020"), labels(new Axis(2008, 2024, Axis.Kind.COUNTS), 4));
        assertEquals(List.of("1", "2"), labels(new Axis(1, 2, Axis.Kind.COUNTS), 4));
        assertEquals(List.of("1000000", "1500000", "2000000"), labels(new Axis(1e6, 2e6, Axis.Kind.COUNTS), 5));
        assertEquals(List.of("0 %", "50 %", "100 %"), labels(new Axis(0, 1, Axis.Kind.PERCENT), 2));
    }

    private static List<Axis.Tick> dates(long from, long to, int most) {
        return new Axis(from, to, Axis.Kind.DATES).ticks(most);
    }

    @Test
    void datesAreRoundAndTheLargerUnitStandsWhereItChanges() {
        List<Axis.Tick> hours = dates(millis(2024, 2, 28, 20), millis(2024, 3, 1, 7), 8);
        assertEquals(List.of("00:00", "06:00", "12:00", "18:00", "00:00", "06:00"),
                hours.stream().map(Axis.Tick::label).toList());
        assertEquals("29 Feb 2024", hours.get(0).context());
        assertEquals("", hours.get(1).context());
        assertEquals("1 Mar 2024", hours.get(4).context());
        List<Axis.Tick> months = dates(millis(2023, 9, 2, 0), millis(2024, 6, 1, 0), 10);
        assertEquals(List.of("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun"),
                months.stream().map(Axis.Tick::label).toList());
        assertEquals("2024", months.get(3).context());
        for (long span = 1; span < 1L << 52; span *= 3) {
            int count = dates(millis(1990, 1, 1, 0), millis(1990, 1, 1, 0) + span, 9).size();
            assertTrue(count <= 9, span + " ms: " + count);
        }
    }

    @Test
    void terminalPictureIsTenShortLines() {
        List<String> lines = BraillePlot.of(panel("load\033[31m", HOURLY, wave(300), wave(96), null)).lines().toList();
        assertEquals(10, lines.size());
        assertTrue(lines.get(0).endsWith("load?[31m"));
        lines.forEach(line -> assertTrue(line.replaceAll("\033\\[\\d+m", "").length() <= 80, line));
        assertTrue(lines.get(9).contains("26 Feb 2024  "), lines.get(9));
    }
}
