package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.ttm4j.data.series.TimeAxis;

/** Cells of a forecast as a driver takes them for a column. */
final class Cells {
    private Cells() {}

    /** @throws NumberFormatException when the column holds numbers, and the id is none */
    static Object id(String id, Column column) {
        return switch (column.kind()) {
            case WHOLE -> Long.valueOf(id);
            case NUMBER -> new BigDecimal(id);
            case UUID -> UUID.fromString(id);
            default -> id;
        };
    }

    /** The time of a step: the point in time where the column holds those, else what the clock of the series shows. */
    static Object time(TimeAxis axis, long step, Column column) {
        LocalDateTime local = TimeAxis.local(axis.localTimeAt(step));
        return switch (column.kind()) {
            case DATE -> local.toLocalDate();
            case LOCAL_TIME -> local;
            case INSTANT -> axis.instantAt(step).atOffset(ZoneOffset.UTC);
            case WHOLE -> Long.valueOf(axis.labelAt(step));
            case NUMBER -> new BigDecimal(axis.labelAt(step));
            default -> axis.labelAt(step);
        };
    }

    /** Null for NaN, which is missing. */
    static Float number(float value) {
        return Float.isNaN(value) ? null : Float.valueOf(value);
    }
}
