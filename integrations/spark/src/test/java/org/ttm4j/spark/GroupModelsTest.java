package org.ttm4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class GroupModelsTest {
    private static String path(List<String> ids, Object... id) {
        return new GroupModels("/models", ids, null).path(RowFactory.create(id)).toString();
    }

    @Test
    void everySeriesHasAFolderOfItsOwn() {
        assertEquals("/models/meter=7", path(List.of("meter"), 7));
        assertEquals("/models/a.b=x%2Fy/c=..", path(List.of("a.b", "c"), "x/y", ".."));
        assertEquals("/models/meter=null", path(List.of("meter"), "null"));
        assertEquals("/models/meter=__HIVE_DEFAULT_PARTITION__", path(List.of("meter"), (Object) null));
    }

    /** Those of fine-tuning and those of forecasts later, on another machine or with other settings. */
    @Test
    void theFolderIsTheSameInEveryJvm() {
        assertEquals("/models/meter=00ff10", path(List.of("meter"), new byte[]{0, -1, 16}));
        Instant time = Instant.parse("2026-07-01T10:00:00.5Z");
        TimeZone before = TimeZone.getDefault();
        try {
            for (String zone : List.of("UTC", "Asia/Tokyo")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                for (Object id : List.of(time, Timestamp.from(time))) {
                    assertEquals("/models/from=2026-07-01T10%3A00%3A00.500Z", path(List.of("from"), id));
                }
                for (Object id : List.of(LocalDate.of(2026, 7, 1), Date.valueOf("2026-07-01"))) {
                    assertEquals("/models/day=2026-07-01", path(List.of("day"), id));
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void aNameIsNoLongerThanFileSystemsTake() {
        assertEquals(255 + "/models/".length(), path(List.of("meter"), "x".repeat(249)).length());
        assertEquals(
                "id: column meter: the folder of its model would have a name of 256 bytes, expected at most 255; "
                        + "shorten the id",
                assertThrows(IllegalArgumentException.class, () -> path(List.of("meter"), "x".repeat(250)))
                        .getMessage());
    }

    /** A model replaces the folder that it goes to, and with it what else is in there. */
    @Test
    void theModelOfAllRowsDoesNotReplaceTheFolderItself() {
        assertEquals("/models/model", path(List.of()));
    }
}
