package org.ttm4j.eval.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.hierarchy.Hierarchy;

/**
 * The series of a file as the bottom series of a {@link Hierarchy} by its columns of ids, and all nodes as series of one column
 * of names. Each column of values is a hierarchy of its own. Immutable.
 */
public final class HierarchyTable {
    /** Bytes of memory of a value of a node's history: in the table, the request, and while sums are made and reconciled. */
    public static final long BYTES_OF_VALUE = 6 * Double.BYTES;
    private static final String NAMES = "series";
    /** The longest array that every JVM makes. */
    private static final int MOST_STEPS = Integer.MAX_VALUE - 8;

    /** A check of the memory for histories. */
    @FunctionalInterface
    public interface Room {
        /**
         * Called before any history is made.
         *
         * @param channels nodes × columns
         * @param steps of each, counted from the earliest time of any series
         * @throws RuntimeException when they are too many
         */
        void require(long channels, long steps);
    }

    private final CsvFile csv;
    private final Hierarchy hierarchy;
    private final List<TimeSeries> bottom;
    private final Function<TimeSeries, ForecastRequest> request;

    /**
     * The hierarchy of a file.
     *
     * @param room refuses histories that are too large
     * @param request that a series is forecast with
     * @throws IllegalArgumentException when the file has no column of ids, or its series are not on the times of one grid
     */
    public HierarchyTable(CsvFile csv, Room room, Function<TimeSeries, ForecastRequest> request) {
        this.csv = csv;
        this.request = request;
        hierarchy = Hierarchy.of(csv.layout().ids(), csv.series().stream().map(csv.layout()::idCells).toList());
        bottom = aligned(csv.series(), room);
    }

    /** The hierarchy of each column. */
    public Hierarchy hierarchy() {
        return hierarchy;
    }

    /** The request of the bottom series of each column. */
    public List<ForecastRequest> requests() {
        return IntStream.range(0, bottom.get(0).channels().size())
                .mapToObj(channel -> request.apply(bottom.get(0)).withHistory(histories(channel)))
                .toList();
    }

    private double[][] histories(int channel) {
        return bottom.stream().map(series -> series.doubleChannel(channel)).toArray(double[][]::new);
    }

    /** The file with the histories of all nodes before so many steps. */
    public CsvFile nodes(int horizon) {
        List<String> channels = bottom.get(0).channels();
        double[][][] histories = IntStream.range(0, channels.size())
                .mapToObj(channel -> hierarchy.histories(histories(channel), horizon))
                .toArray(double[][][]::new);
        List<TimeSeries> nodes = new ArrayList<>();
        for (int node = 0; node < hierarchy.names().size(); node++) {
            int row = node;
            nodes.add(new TimeSeries(hierarchy.names().get(node), channels, bottom.get(0).axis(),
                    Arrays.stream(histories).map(of -> of[row]).toArray(double[][]::new)));
        }
        CsvFile.Layout of = csv.layout();
        List<String> columns = new ArrayList<>(of.columns());
        columns.removeAll(of.ids());
        columns.add(0, NAMES);
        return new CsvFile(nodes, new CsvFile.Layout(of.time(), of.joints(), of.range(), NAMES, columns, of.dialect(),
                of.form(), of.texts()), csv.staticTexts(), csv.report(), csv.rejected());
    }

    /**
     * The forecast of each node, whose channels are the columns.
     *
     * @param byColumn what the hierarchy made of each request
     */
    public List<Forecast> forecasts(List<Forecast> byColumn) {
        ForecastRequest columns = request.apply(bottom.get(0));
        return IntStream.range(0, hierarchy.names().size())
                .mapToObj(node -> Hierarchy.ofNode(node, columns, byColumn))
                .toList();
    }

    /** The series on the time axis that all of them lie on. */
    private List<TimeSeries> aligned(List<TimeSeries> all, Room room) {
        TimeSeries earliest = all.stream().min(Comparator.comparingLong(series -> series.axis().start())).orElseThrow();
        TimeAxis axis = earliest.axis();
        long steps = all.stream()
                .mapToLong(series -> axis.nearestIndex(series.axis().start()) + series.length())
                .max()
                .orElseThrow();
        room.require((long) hierarchy.names().size() * earliest.channels().size(), steps);
        if (steps > MOST_STEPS) {
            throw new IllegalArgumentException("the series of the hierarchy have " + steps
                    + " steps, counted from the earliest time of any series: expected at most " + MOST_STEPS);
        }
        int length = (int) steps;
        int[] starts = all.stream().mapToInt(series -> (int) axis.nearestIndex(series.axis().start())).toArray();
        return IntStream.range(0, starts.length).mapToObj(i -> {
            TimeSeries series = all.get(i);
            boolean fits = series.axis().frequency().equals(axis.frequency())
                    && axis.timeAt(starts[i]) == series.axis().start();
            if (!fits) {
                throw new IllegalArgumentException("series " + series.id() + " from " + series.axis().labelAt(0)
                        + " is not on the times of series " + earliest.id() + ": expected one grid for a hierarchy");
            }
            double[][] values = new double[series.channels().size()][length];
            for (int c = 0; c < values.length; c++) {
                Arrays.fill(values[c], Double.NaN);
                System.arraycopy(series.doubleChannel(c), 0, values[c], starts[i], series.length());
            }
            return new TimeSeries(series.id(), series.channels(), axis, values);
        }).toList();
    }
}
