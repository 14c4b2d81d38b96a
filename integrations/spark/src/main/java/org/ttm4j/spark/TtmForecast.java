package org.ttm4j.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.EventTimeWatermark;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.forecast.live.StreamSettings;
import org.ttm4j.ttm.train.FineTuningOptions;
import scala.Tuple2;

/**
 * Forecasts every series of a data set, with a row for each time. The rows are grouped by id and sorted, and each
 * partition forecasts its series some hundreds at a time, with one model per executor.
 *
 * <pre>{@code
 * Dataset<Row> forecasts = TtmForecast.of(readings).id("meter").time("time").value("load").horizon(24).forecast();
 * }</pre>
 *
 * <p>The result has the columns of the id, {@code forecast_timestamp} of the type of the time, {@code step} from 1 on,
 * {@code forecast}, {@code mean} where it is wanted, a column for each quantile, such as {@code q10} for 0.1, and
 * {@code problem}. A series that cannot be forecast has one row, whose {@code problem} says why; otherwise
 * {@code problem} is NULL.
 *
 * <p>Each series is put on a regular grid by {@link org.ttm4j.data.grid.SeriesBuilder}: the order of rows does not
 * matter, NULL and gaps are missing values, and rows after the last value are forecast. If several rows have the same
 * time, the largest value is used; but if at least two rows, and a tenth of all, contradict another row of their time,
 * the series has a problem instead. Times of type {@code timestamp} with steps of a day or longer are counted in the
 * days of {@code spark.sql.session.timeZone}; those of {@code timestamp_ntz} and {@code date} are never shifted.
 *
 * <p>The same rows give the same bits, even if a task is repeated on another executor, provided that executors have the
 * same CPU and JVM options. This is a builder and not thread-safe; finish it with {@link #forecast} or
 * {@link #fineTune}.
 */
public final class TtmForecast {
    private final Dataset<Row> rows;
    private List<String> ids = List.of();
    private String time;
    private String value;
    private int horizon;
    private double[] quantiles = {};
    private boolean mean;
    private String every;
    private String forecastEvery;
    private String model = SharedForecasters.DEFAULT;
    private String mode;
    private String folder;

    private TtmForecast(Dataset<Row> rows) {
        this.rows = rows;
    }

    /** The rows of all series. */
    public static TtmForecast of(Dataset<Row> rows) {
        return new TtmForecast(rows);
    }

    /** The columns that together name the series of a row; without them, all rows are one. Required for a stream. */
    public TtmForecast id(String... columns) {
        ids = List.of(columns);
        return this;
    }

    /** The column of the time: a timestamp, with or without a zone, or a date. */
    public TtmForecast time(String column) {
        time = column;
        return this;
    }

    /** The column of numbers. */
    public TtmForecast value(String column) {
        value = column;
        return this;
    }

    /** The number of steps to forecast; by default the usual one at this frequency. Required for a stream. */
    public TtmForecast horizon(int steps) {
        horizon = steps;
        return this;
    }

    /** The levels of quantiles, ascending, strictly between 0 and 1. */
    public TtmForecast quantiles(double... levels) {
        quantiles = levels.clone();
        return this;
    }

    /** With a column {@code mean}, {@linkplain Forecast#mean() what to add up}, which is NULL in the mode {@code fast}. */
    public TtmForecast mean() {
        mean = true;
        return this;
    }

    /** The time between steps in ISO 8601, such as {@code PT1H}; by default detected. Required for a stream. */
    public TtmForecast every(String frequency) {
        every = frequency;
        return this;
    }

    /**
     * For a stream, the time between two forecasts of a series in ISO 8601, a multiple of the time between steps; by
     * default there is a forecast from every step.
     */
    public TtmForecast forecastEvery(String interval) {
        forecastEvery = interval;
        return this;
    }

    /** A bundled model, or a folder that every executor has; by default the bundled model that suits each series. */
    public TtmForecast model(String nameOrFolder) {
        model = nameOrFolder;
        return this;
    }

    /**
     * The folder that {@link #fineTune} wrote: each series is forecast by its own model, and has a problem if there is
     * none. Quantiles are those of the model, as in the mode {@code fast}, the only supported mode. Not for a stream.
     */
    public TtmForecast ownModels(String ofFolder) {
        folder = ofFolder;
        return this;
    }

    /**
     * {@code balanced} (the default) for the combination, or {@code fast} for the model alone. Then quantiles are the model's
     * own, which all bundled models have; of a model without, they are NULL in a batch, and the query of a stream fails.
     */
    public TtmForecast mode(String name) {
        mode = name;
        return this;
    }

    /**
     * The forecasts, computed when they are used. In a stream, whose time must have a watermark, each series is
     * forecast repeatedly from its last 512 steps, whenever the watermark passes an origin.
     *
     * @throws IllegalArgumentException when a column is absent or has another type, one of the id has the name of another
     *     column of the result, a stream has no watermark or lacks what it needs, {@link #ownModels} have another mode
     *     than {@code fast}, or another value is out of its range; the message names it
     */
    public Dataset<Row> forecast() {
        TimeColumn times = TimeColumn.of(time, type("time", time));
        if (folder != null && mode != null && ForecastMode.of(mode) != ForecastMode.FAST) {
            throw new IllegalArgumentException("mode " + mode + ": expected fast with ownModels, which forecast alone");
        }
        Encoder<Row> encoder = Encoders.row(Steps.type(keyType()));
        Dataset<Row> made = rows.isStreaming()
                ? stream(times, encoder)
                : groups(times).mapPartitions(new ForecastPartition(spec(times), models(folder)), encoder);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) columns.add(col("id." + keyName(i)).as(ids.get(i)));
        columns.add(times.fromMicros("time").as("forecast_timestamp"));
        columns.add(expr("step + 1").as("step"));
        columns.add(expr("forecast[step]").as("forecast"));
        if (mean) columns.add(expr("get(mean, step)").as("mean"));
        for (int i = 0; i < quantiles.length; i++) {
            columns.add(expr("get(get(quantiles, " + i + "), step)").as(quantileName(quantiles[i])));
        }
        columns.add(col("problem"));
        Dataset<Row> result = made
                .selectExpr("id", "forecast", "quantiles", "mean", "problem", "posexplode_outer(times) as (step, time)")
                .select(columns.toArray(Column[]::new));
        requireDifferent(result.columns());
        return result;
    }

    /** Of columns of one name, Spark could neither select one nor write any. The id comes first among the names. */
    private void requireDifferent(String... names) {
        boolean exact = Boolean.parseBoolean(rows.sparkSession().conf().get("spark.sql.caseSensitive"));
        for (int i = 0; i < ids.size(); i++) {
            for (int other = i + 1; other < names.length; other++) {
                if (exact ? !names[i].equals(names[other]) : !names[i].equalsIgnoreCase(names[other])) continue;
                throw new IllegalArgumentException(
                        "id: column " + names[i] + " has the name of another column of the result; rename it");
            }
        }
    }

    /**
     * Fine-tunes the model on each series separately, in parallel, on its first four fifths, and keeps the weights that
     * are best on the last fifth. When this returns, the models are in the folder: that of meter 7 in {@code meter=7}
     * or, without an id, the model of all rows in {@code model}.
     *
     * @param into a folder of any file system that Spark supports; existing models of the same series are replaced.
     *     Models of the id (meter, g) are in subfolders of those of the id meter; a model of the id meter does not
     *     replace them, and its row has a problem
     * @param options the options; one thread is enough if there are many series
     * @return a row for each series: the columns of its id, {@code folder}, {@code validation_loss_before},
     *     {@code validation_loss}, and {@code problem}, which says why a series has no model and is NULL otherwise
     * @throws IllegalArgumentException as {@link #forecast}, and when {@code into} is blank or an argument is null
     * @throws IllegalStateException when a task fails for good; then none of the models is kept
     */
    public Dataset<Row> fineTune(String into, FineTuningOptions options) {
        if (into == null || into.isBlank()) throw new IllegalArgumentException("into: expected a folder");
        if (options == null) throw new IllegalArgumentException("options is null");
        TimeColumn times = TimeColumn.of(time, type("time", time));
        GroupModels models = models(into);
        // Names a column that no id has, and a folder, which the dot hides from Spark.
        String run = UUID.randomUUID().toString();
        String staging = into + "/." + run;
        StructType schema = idType().add("folder", DataTypes.StringType)
                .add("validation_loss_before", DataTypes.DoubleType)
                .add("validation_loss", DataTypes.DoubleType)
                .add("problem", DataTypes.StringType)
                .add(run, DataTypes.StringType);
        requireDifferent(schema.fieldNames());
        Dataset<Row> tuning = groups(times)
                .mapPartitions(new FineTuningPartition(spec(times), options, models, staging), Encoders.row(schema));
        Dataset<Row> tuned;
        List<Row> made;
        try {
            try {
                tuned = tuning.localCheckpoint();
                made = tuned.collectAsList();
            } catch (Exception e) {
                throw new IllegalStateException("the fine-tuning failed, and none of its models was kept; " + into
                        + " is as it was before: " + e.getMessage(), e);
            }
            for (Row row : made) {
                String staged = row.getString(ids.size() + 4);
                if (staged != null) models.publish(staged, row.getString(ids.size()));
            }
            return tuned.drop(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            models.discard(staging);
        }
    }

    private GroupModels models(String in) {
        if (in == null) return null;
        return new GroupModels(in, ids,
                new SerializableConfiguration(rows.sparkSession().sparkContext().hadoopConfiguration()));
    }

    /** Groups the rows by the id, which is a struct. */
    private Dataset<Tuple2<Row, Points>> groups(TimeColumn times) {
        // collect_list drops NULLs, but the two lists must match.
        Column micros = coalesce(times.toMicros(time), lit(Points.NO_TIME));
        Column number = coalesce(number().cast(DataTypes.DoubleType), lit(Double.NaN));
        return rows.select(key().as("_1"), micros.as("time"), number.as("value"))
                .groupBy("_1")
                .agg(struct(collect_list("time").as("times"), collect_list("value").as("values")).as("_2"))
                .as(Encoders.tuple(Encoders.row(keyType()), Encoders.bean(Points.class)));
    }

    private Column key() {
        Column[] columns = new Column[ids.size()];
        for (int i = 0; i < columns.length; i++) columns[i] = rows.col(quoted(ids.get(i))).as(keyName(i));
        return struct(columns);
    }

    private StructType keyType() {
        StructType type = new StructType();
        for (StructField id : idType().fields()) type = type.add(keyName(type.size()), id.dataType());
        return type;
    }

    /** An internal name of an id column, because names in the state of a stream must not contain dots and blanks. */
    private static String keyName(int column) {
        return "id" + column;
    }

    private Column number() {
        if (!(type("value", value) instanceof NumericType)) {
            throw new IllegalArgumentException(
                    "value: column " + value + " is " + type("value", value).simpleString() + ", expected numbers");
        }
        return rows.col(quoted(value));
    }

    /** The forecasts of a stream, made when the watermark passes their origins. */
    private Dataset<Row> stream(TimeColumn times, Encoder<Row> encoder) {
        if (folder != null) throw new IllegalArgumentException("ownModels: not in a stream");
        // Spark cannot partition a stream without a column.
        if (ids.isEmpty()) throw new IllegalArgumentException("id: expected the columns that name a series");
        if (horizon == 0) throw new IllegalArgumentException("horizon: required in a stream");
        if (every == null) throw new IllegalArgumentException("every: required in a stream, such as PT1H");
        // Spark also runs a query without a watermark, but then no timer ever fires.
        if (!rows.schema().apply(time).metadata().contains(EventTimeWatermark.delayKey())) {
            throw new IllegalArgumentException("time: column " + time
                    + " has no watermark, which a stream needs; call withWatermark with this column before");
        }
        Duration step = duration("every", every);
        StreamSettings settings = new StreamSettings(model, chosenMode().toString(), horizon, step,
                forecastEvery == null ? step : duration("forecastEvery", forecastEvery), StreamSettings.DEFAULT_CONTEXT,
                quantiles);
        // The time column is selected because it carries the watermark.
        return rows
                .select(key().as(ForecastProcessor.ID), rows.col(quoted(time)).as("time"),
                        times.toMicros(time).as(ForecastProcessor.MICROS),
                        number().cast(DataTypes.DoubleType).as(ForecastProcessor.VALUE))
                .groupByKey((MapFunction<Row, Row>) row -> row.getAs(ForecastProcessor.ID), Encoders.row(keyType()))
                .transformWithState(new ForecastProcessor(settings), TimeMode.EventTime(), OutputMode.Append(),
                        encoder);
    }

    /** Requires a fixed length, because the steps of a stream are at multiples of it. */
    private static Duration duration(String role, String interval) {
        if (!(Frequency.parse(interval).toTemporalAmount().orElse(null) instanceof Duration fixed)) {
            throw new IllegalArgumentException(
                    role + " " + interval + ": expected a time of fixed length for a stream, such as PT1H");
        }
        return fixed;
    }

    private ForecastMode chosenMode() {
        return mode == null ? ForecastMode.BALANCED : ForecastMode.of(mode);
    }

    ForecastSpec spec(TimeColumn times) {
        String zone = times == TimeColumn.TIMESTAMP
                ? rows.sparkSession().conf().get("spark.sql.session.timeZone")
                : null;
        return new ForecastSpec(horizon, quantiles, every, model, chosenMode(), zone);
    }

    private DataType type(String role, String column) {
        if (column == null) throw new IllegalArgumentException(role + ": expected the name of a column");
        for (StructField field : rows.schema().fields()) if (field.name().equals(column)) return field.dataType();
        throw new IllegalArgumentException(
                role + ": no column " + column + " among " + Arrays.toString(rows.schema().fieldNames()));
    }

    private StructType idType() {
        StructType type = new StructType();
        for (String id : ids) type = type.add(id, type("id", id));
        return type;
    }

    /** {@code q10} for 0.1, {@code q2_5} for 0.025. */
    static String quantileName(double level) {
        String percent = java.math.BigDecimal.valueOf(level).movePointRight(2).stripTrailingZeros().toPlainString();
        return "q" + percent.replace('.', '_');
    }

    /** The quoted name of a column for expressions. */
    static String quoted(String column) {
        return '`' + column.replace("`", "``") + '`';
    }

    /** Spark's types of times, with their conversion to microseconds since 1970 and back. */
    enum TimeColumn {
        /** Instants. */
        TIMESTAMP("unix_micros(%s)", "timestamp_micros(%s)"),
        /** Local times without a time zone. */
        TIMESTAMP_NTZ(
                "unix_micros(make_timestamp(year(%1$s), month(%1$s), day(%1$s), hour(%1$s), minute(%1$s), "
                        + "extract(second from %1$s), 'UTC'))",
                "timestamp_ntz'1970-01-01 00:00:00' + make_dt_interval(0, 0, 0, cast(%s as decimal(20, 0)) / 1000000)"),
        /** Days. */
        DATE("unix_date(%s) * 86400000000L", "date_from_unix_date(cast(floor(%s / 86400000000) as int))");

        private final String to;
        private final String from;

        TimeColumn(String to, String from) {
            this.to = to;
            this.from = from;
        }

        /** @throws IllegalArgumentException when the type is not a type of times; the message names the column */
        static TimeColumn of(String name, DataType type) {
            if (type.equals(DataTypes.TimestampType)) return TIMESTAMP;
            if (type.equals(DataTypes.TimestampNTZType)) return TIMESTAMP_NTZ;
            if (type.equals(DataTypes.DateType)) return DATE;
            throw new IllegalArgumentException("time: column " + name + " is " + type.simpleString()
                    + ", expected timestamp, timestamp_ntz or date; cast it");
        }

        Column toMicros(String name) {
            return expr(String.format(to, quoted(name)));
        }

        Column fromMicros(String name) {
            return expr(String.format(from, quoted(name)));
        }
    }
}
