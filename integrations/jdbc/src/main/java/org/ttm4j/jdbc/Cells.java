package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;

/** Converts the cells of a forecast to objects that a driver accepts for a column. */
final class Cells {
    private Cells() {}

    /** @throws IllegalArgumentException when the id does not fit the type of the column */
    static Object id(String id, Column column) {
        try {
            return column.kind() == Column.Kind.UUID ? UUID.fromString(id) : cell(id, column);
        } catch (IllegalArgumentException e) {
            throw otherKind("the id", id, column);
        }
    }

    /**
     * The time of a step: an instant if the column holds instants, otherwise the local time of the series.
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

    /** Null for NaN (missing). A float for a float column, because PostgreSQL rejects doubles that would become 0. */
    static Number number(double value, Column column) {
        if (Double.isNaN(value)) return null;
        return column.type().equals("float4") ? (Number) (float) value : value;
    }
}
