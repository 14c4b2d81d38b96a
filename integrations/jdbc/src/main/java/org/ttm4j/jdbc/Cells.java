package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;

/** Cells of a forecast as a driver takes them for a column. */
final class Cells {
    private Cells() {}

    /** @throws IllegalArgumentException when the column holds what the id is not */
    static Object id(String id, Column column) {
        try {
            return column.kind() == Column.Kind.UUID ? UUID.fromString(id) : cell(id, column);
        } catch (IllegalArgumentException e) {
            throw otherKind("the id", id, column);
        }
    }

    /**
     * The time of a step: the point in time where the column holds those, else what the clock of the series shows.
     *
     * @throws IllegalArgumentException when the column cannot hold it
     */
    static Object time(TimeAxis axis, long step, Column column) {
        LocalDateTime local = TimeAxis.local(axis.localTimeAt(step));
        if (column.kind() == Column.Kind.LOCAL_TIME) return local;
        if (column.kind() == Column.Kind.INSTANT) return axis.instantAt(step).atOffset(ZoneOffset.UTC);
        if (column.kind() != Column.Kind.DATE) {
            String text = TextTimes.text(axis.labelAt(step), local);
            try {
                return cell(text, column);
            } catch (IllegalArgumentException e) {
                throw otherKind("the time", text, column);
            }
        }
        LocalDate date = local.toLocalDate();
        if (!local.equals(date.atStartOfDay())) throw otherKind("the time", local.toString(), column);
        return date;
    }

    private static Object cell(String text, Column column) {
        return switch (column.kind()) {
            case WHOLE -> Long.valueOf(text);
            case NUMBER -> new BigDecimal(text);
            default -> text;
        };
    }

    private static IllegalArgumentException otherKind(String what, String text, Column column) {
        return new IllegalArgumentException("column " + column.name() + " is of type " + column.type()
                + ", which does not hold " + what + " " + Printable.quoted(text));
    }

    /** Null for NaN, which is missing. A float where the column holds one: PostgreSQL refuses doubles that become 0. */
    static Number number(double value, Column column) {
        if (Double.isNaN(value)) return null;
        return column.type().equals("float4") ? (Number) (float) value : value;
    }
}
