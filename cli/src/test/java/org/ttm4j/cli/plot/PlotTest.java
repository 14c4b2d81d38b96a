package org.ttm4j.cli.plot;

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

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void svgIsWellFormedWhateverTheNames() throws Exception {
        String name = "<&>\"'\u0001\ud800\u202e ünï";
        String svg = ForecastPlot.svg(name, name, List.of(Panel.of(name, HOURLY, wave(100), wave(24), 3),
                Panel.of(name, HOURLY, wave(100), wave(24), 3)));
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
                    Panel panel = Panel.of("x", axis, history, forecast, 3);
                    String svg = ForecastPlot.svg("x", "y", List.of(panel));
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
            Panel panel = Panel.of("x", HOURLY, wave(100), forecast, 3).withBands(quantiles, 0);
            assertEquals(0.8, panel.bands().get(0).probability(), 1e-9);
            assertEquals(-50, panel.min());
            String svg = ForecastPlot.svg("x", "y", List.of(panel));
            parsed(svg);
            assertEquals(2, svg.split("class=\"band\"", -1).length - 1);
            assertTrue(svg.contains(">80 %<"));
        }
        assertEquals(List.of(), Panel.of("x", HOURLY, wave(9), wave(2), 3).withBands(null, 0).bands());
    }

    @Test
    void missingValuesBreakTheLineAndLoneOnesShow() throws Exception {
        double nan = Double.NaN;
        String svg = ForecastPlot.svg("x", "y",
                List.of(Panel.of("x", HOURLY, new double[]{1, 2, nan, 4, nan, 6, 7}, new double[]{8}, 20)));
        String history = svg.lines().filter(line -> line.contains("\"history\"")).skip(1).findFirst().orElseThrow();
        assertEquals(3, history.chars().filter(c -> c == 'M').count(), history);
        assertEquals(1, history.split("h0", -1).length - 1, history);
    }

    @Test
    void longSeriesAreThinnedWithoutLosingPeaks() {
        double[] history = new double[100_000];
        history[54_321] = 9;
        Panel panel = Panel.of("x", HOURLY, history, new double[50_000], 3);
        int[] kept = Thinned.indices(panel::value, 0, history.length, 1000);
        assertTrue(kept.length <= 1500);
        assertTrue(IntStream.of(kept).anyMatch(i -> i == 54_321));
        assertTrue(IntStream.range(1, kept.length).allMatch(i -> kept[i] > kept[i - 1]));
    }

    @Test
    void valueTicksAreRound() {
        assertEquals(List.of("0", "25", "50", "75", "100"), ValueTicks.of(3, 98, 5).labels());
        assertEquals(List.of("0.1", "0.2", "0.3"), ValueTicks.of(0.1, 0.3, 3).labels());
        assertEquals(List.of("-1", "0", "1"), ValueTicks.of(-1, 1, 3).labels());
        assertTrue(ValueTicks.of(5, 5, 4).labels().contains("5.0") || ValueTicks.of(5, 5, 4).labels().contains("5"));
        for (double size : new double[]{1e-30, 1e-6, 1, 12345, 9.9e8, 1e30}) {
            ValueTicks ticks = ValueTicks.of(-size, 3 * size, 4);
            assertTrue(ticks.values().length >= 2 && ticks.values().length <= 7, size + ": " + ticks.labels());
            assertEquals(ticks.labels().size(), ticks.labels().stream().distinct().count(), ticks.labels().toString());
            ticks.labels().forEach(label -> assertTrue(label.length() <= 9, label));
        }
    }

    @Test
    void datesAreRoundAndTheLargerUnitStandsWhereItChanges() {
        List<DateTicks.Tick> hours = DateTicks.between(millis(2024, 2, 28, 20), millis(2024, 3, 1, 7), 8);
        assertEquals(List.of("00:00", "06:00", "12:00", "18:00", "00:00", "06:00"),
                hours.stream().map(DateTicks.Tick::label).toList());
        assertEquals("29 Feb 2024", hours.get(0).context());
        assertEquals(null, hours.get(1).context());
        assertEquals("1 Mar 2024", hours.get(4).context());
        List<DateTicks.Tick> months = DateTicks.between(millis(2023, 9, 2, 0), millis(2024, 6, 1, 0), 10);
        assertEquals(List.of("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun"),
                months.stream().map(DateTicks.Tick::label).toList());
        assertEquals("2024", months.get(3).context());
        for (long span = 1; span < 1L << 52; span *= 3) {
            int count = DateTicks.between(millis(1990, 1, 1, 0), millis(1990, 1, 1, 0) + span, 9).size();
            assertTrue(count <= 9, span + " ms: " + count);
        }
    }

    @Test
    void terminalPictureIsTenShortLines() {
        List<String> lines = BraillePlot.of(Panel.of("load\033[31m", HOURLY, wave(300), wave(96), 3)).lines().toList();
        assertEquals(10, lines.size());
        assertTrue(lines.get(0).endsWith("load?[31m"));
        lines.forEach(line -> assertTrue(line.replaceAll("\033\\[\\d+m", "").length() <= 80, line));
        assertTrue(lines.get(9).contains("2024-02-26 12:00") || lines.get(9).contains("2024-03-"), lines.get(9));
    }
}
