package org.ttm4j.data.grid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;

class SeriesBuilderTest {
    private static final TimeFormat UTC = new TimeFormat("uuuu-MM-dd HH:mm:ssXXX", ZoneOffset.UTC);
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    private static SeriesBuilder builder(TimeOptions options) {
        return new SeriesBuilder("readings", "time", List.of("load"), UTC, options);
    }

    @Test
    void rowsBecomeAGridWithGapsAndTheLastOfRepeatedRows() throws DataException {
        SeriesBuilder builder = builder(TimeOptions.UNKNOWN);
        int[] hours = {3, 0, 1, 5, 6, 7, 1};
        for (int i = 0; i < hours.length; i++) builder.add(START + hours[i] * HOUR, hours[i] == 1 ? i : hours[i]);
        TimeSeries series = builder.build("a");
        assertArrayEquals(new float[]{0, 6, Float.NaN, 3, Float.NaN, 5, 6, 7}, series.channel(0));
        assertEquals("2026-01-01 08:00:00Z", series.axis().labelAt(8));
        assertEquals(2, builder.report().count(RepairReport.Kind.STEPS_INSERTED));
    }

    @Test
    void daysOfAZoneHaveNoSteps25HoursApart() throws DataException {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        SeriesBuilder builder = builder(TimeOptions.UNKNOWN.withZone(berlin));
        ZonedDateTime first = ZonedDateTime.of(2026, 10, 20, 0, 0, 0, 0, berlin);
        for (int day = 0; day < 10; day++) builder.add(first.plusDays(day).toInstant().toEpochMilli(), day);
        TimeSeries series = builder.build(null);
        assertEquals(Frequency.ofMillis(24 * HOUR), series.axis().frequency());
        assertEquals("2026-10-30 00:00:00+01:00", series.axis().labelAt(10));
    }

    @Test
    void anErrorNamesTheRowAndTheNextSeriesIsRead() throws DataException {
        SeriesBuilder builder = builder(TimeOptions.UNKNOWN);
        builder.add(START, 1);
        DataException error = assertThrows(DataException.class, () -> builder.build("a"));
        assertEquals("readings, line 1, column 'time': expected at least 2 different times in series 'a', found 1",
                error.getMessage());
        builder.add(START, 1);
        builder.add(START + HOUR, 2);
        assertEquals(2, builder.build("b").length());
        assertThrows(IllegalArgumentException.class, () -> builder.add(START, 1, 2));
        assertThrows(DataException.class, () -> builder.build("c"));
    }

    /** A program says how rows are joined; only files are joined by themselves. */
    @Test
    void irregularAndContradictingRowsAreRefused() {
        SeriesBuilder builder = builder(TimeOptions.UNKNOWN);
        for (long minute : new long[]{0, 7, 19, 20, 34, 55, 58, 81}) builder.add(START + minute * 60_000, minute);
        DataException error = assertThrows(DataException.class, () -> builder.build(null));
        assertTrue(error.getMessage().contains("--resample mean --frequency PT10M"), error.getMessage());
        for (int i = 0; i < 12; i++) builder.add(START + i / 5 * HOUR, i);
        error = assertThrows(DataException.class, () -> builder.build(null));
        assertTrue(error.getMessage().contains("is repeated"), error.getMessage());
    }
}
