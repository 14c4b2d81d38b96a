package org.ttm4j.spark;

import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.ttm4j.data.csv.SeriesBuilder;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;

/**
 * The series of a partition whose rows are sorted by id: each row has the columns of the id, then the time in
 * microseconds, then the value. Not thread-safe.
 */
final class Groups {
    private static final int MICROS = 1000;

    private final Iterator<Row> rows;
    private final int ids;
    private final SeriesBuilder builder;
    private Row ahead;

    Groups(Iterator<Row> rows, int ids, SeriesBuilder builder) {
        this.rows = rows;
        this.ids = ids;
        this.builder = builder;
        ahead = rows.hasNext() ? rows.next() : null;
    }

    boolean hasNext() {
        return ahead != null;
    }

    /** Reads the next series: passes its id to one of the two, with the series or with why the rows are none. */
    void next(BiConsumer<Row, TimeSeries> read, BiConsumer<Row, String> problem) {
        Row id = id(ahead);
        String wrong = null;
        do {
            if (ahead.isNullAt(ids)) wrong = "the time of a row is NULL";
            else add(ahead);
            ahead = rows.hasNext() ? rows.next() : null;
        } while (ahead != null && isOf(id));
        try {
            TimeSeries series = builder.build(null);
            if (wrong == null) read.accept(id, series);
        } catch (DataException e) {
            if (wrong == null) wrong = e.getMessage();
        }
        if (wrong != null) problem.accept(id, wrong);
    }

    private void add(Row row) {
        float value = row.isNullAt(ids + 1) ? Float.NaN : row.getFloat(ids + 1);
        builder.add(Math.floorDiv(row.getLong(ids), MICROS), value);
    }

    private Row id(Row row) {
        return RowFactory.create(IntStream.range(0, ids).mapToObj(row::get).toArray());
    }

    private boolean isOf(Row id) {
        for (int i = 0; i < ids; i++) if (!java.util.Objects.equals(id.get(i), ahead.get(i))) return false;
        return true;
    }
}
