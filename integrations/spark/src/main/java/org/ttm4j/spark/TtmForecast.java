package org.ttm4j.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.forecast.live.StreamSettings;
import org.ttm4j.ttm.train.FineTuningOptions;
import scala.Tuple2;

/**
 * Forecasts every series of a data set, a row for each time: the rows are brought together by id and sorted, and each
 * partition forecasts its series some hundreds at a time, on one model for each executor.
 *
 * <pre>{@code
 * Dataset<Row> forecasts = TtmForecast.of(readings).id("meter").time("time").value("load").horizon(24).forecast();
 * }</pre>
 *
 * <p>The result has the columns of the id, {@code forecast_timestamp} of the type of the time, {@code step} from 1 on,
 * {@code forecast}, a column for each quantile, such as {@code q10} for 0.1, and {@code problem}: NULL but for a series
 * that cannot be forecast, which has one row that says why.
 *
 * <p>Each series is put on a regular grid, as {@link org.ttm4j.data.grid.SeriesBuilder} says: the order of rows does not
 * matter, and NULL and gaps are missing values. Of rows of one time that with the largest value counts; a series in which
 * two rows or more, and a tenth of all, contradict another row of their time has a problem instead. Times of type {@code timestamp}
 * with steps of a day or longer are counted in the days of {@code spark.sql.session.timeZone}; those of
 * {@code timestamp_ntz} and {@code date} are never shifted.
 *
 * <p>The same rows give the same bits, also when a task is run again on another executor, as long as executors have the
 * same CPU and JVM options. A builder that is not thread-safe: {@link #forecast} and {@link #fineTune} end it.
 */
public final class TtmForecast {
    private static final String TIME = "forecast_timestamp";

    private final Dataset<Row> rows;
    private final StructType input;
    private List<String> ids = List.of();
    private String time;
    private String value;
    private int horizon;
    private double[] quantiles = {};
    private String every;
    private String forecastEvery;
    private String model = SharedForecasters.DEFAULT;
    private String mode;
    private String folder;

    /** @param rows null where only the {@link #schema} is wanted */
    TtmForecast(Dataset<Row> rows, StructType input) {
        this.rows = rows;
        this.input = input;
    }

    /** The rows of all series. */
    public static TtmForecast of(Dataset<Row> rows) {
        return new TtmForecast(rows, rows.schema());
    }

    /** The columns that together name the series of a row; without them, all rows are one series. A stream needs them. */
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

    /** The steps to forecast; the usual at this frequency unless this is called. A stream needs them. */
    public TtmForecast horizon(int steps) {
        horizon = steps;
        return this;
    }

    /**
     * The levels of quantiles, ascending, strictly between 0 and 1.
     */
    public TtmForecast quantiles(double... levels) {
        quantiles = levels.clone();
        return this;
    }

    /** The time between steps in ISO 8601, such as {@code PT1H}; found for each series unless this is called. A stream needs it. */
    public TtmForecast every(String frequency) {
        every = frequency;
        return this;
    }

    /**
     * In a stream, the time between two forecasts of a series in ISO 8601, a multiple of that between steps; a forecast
     * from every step unless this is called.
     */
    public TtmForecast forecastEvery(String interval) {
        forecastEvery = interval;
        return this;
    }

    /** A bundled model, or a folder that every executor has; each series has the bundled one that suits it otherwise. */
    public TtmForecast model(String nameOrFolder) {
        model = nameOrFolder;
        return this;
    }

    /**
     * The folder that {@link #fineTune} wrote: each series is forecast by its own model alone, and says so where it has
     * none. Quantiles are those of the model itself, as in the mode {@code fast}, the only one that is possible here. Not
     * for a stream.
     */
    public TtmForecast ownModels(String ofFolder) {
        folder = ofFolder;
        return this;
    }

    /**
     * {@code balanced}, the default, or {@code best}: the combinations that {@code ttm} has; or {@code fast}, the model alone.
     * In the mode {@code fast}, quantiles are those of
     * the model itself, as all bundled models have them; with a model that has none, they are NULL, and a stream fails.
     */
    public TtmForecast mode(String name) {
        mode = name;
        return this;
    }

    /**
     * The forecasts, computed when they are used. Of a stream, whose time has to have a watermark, each series is forecast
     * again and again from its last 512 steps, when the watermark passes a time to forecast from.
     *
     * @throws IllegalArgumentException when a column is absent or has another type, a stream has no watermark or lacks
     *     what it needs, {@link #ownModels} have another mode than {@code fast}, or another value is out of its range; the
     *     message names it
     */
    public Dataset<Row> forecast() {
        TimeColumn times = TimeColumn.of(time, type("time", time));
        if (folder != null && mode != null && ForecastMode.of(mode) != ForecastMode.FAST) {
            throw new IllegalArgumentException("mode " + mode + ": expected fast with ownModels, which forecast alone");
        }
        Encoder<Tuple2<Row, Steps>> encoder = Encoders.tuple(Encoders.row(keyType()), Encoders.bean(Steps.class));
        Dataset<Tuple2<Row, Steps>> made = rows.isStreaming()
                ? stream(times, encoder)
                : groups(times).mapPartitions(new ForecastPartition(spec(times), models(folder)), encoder);
        Dataset<Row> forecasts = made.selectExpr("_1", "_2.*")
                .selectExpr("_1", "forecast", "quantiles", "problem", "posexplode_outer(times) as (step, time)");
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) columns.add(col("_1." + keyName(i)).as(ids.get(i)));
        columns.add(times.fromMicros("time").as(TIME));
        columns.add(expr("step + 1").as("step"));
        columns.add(expr("forecast[step]").as("forecast"));
        for (int i = 0; i < quantiles.length; i++) {
            columns.add(expr("nanvl(quantiles[step + " + i + " * size(forecast)], cast(null as double))")
                    .as(quantileName(quantiles[i])));
        }
        columns.add(col("problem"));
        return forecasts.select(columns.toArray(Column[]::new));
    }

    /**
     * Fine-tunes the model on each series for itself, in parallel, by its first four fifths, and keeps what is best on
     * the last fifth. When this returns, the models are in the folder, in {@code meter=7} that of meter 7, and in
     * {@code model} that of all rows where no column is an id.
     *
     * @param into a folder of any file system that Spark knows; models that it has of the same series are replaced. The
     *     models of (meter, g) lie in the folders of meter; a model of meter alone does not replace them, its row has a problem
     * @param options one thread is enough where the series are many
     * @return a row for each series: the columns of its id, {@code folder}, {@code validation_loss_before},
     *     {@code validation_loss}, and {@code problem}, which says why a series has no model and is NULL otherwise
     * @throws IllegalArgumentException as {@link #forecast}, and when there is no folder or there are no options
     */
    public Dataset<Row> fineTune(String into, FineTuningOptions options) {
        if (into == null || into.isBlank()) throw new IllegalArgumentException("into: expected a folder");
        if (options == null) throw new IllegalArgumentException("options is null");
        TimeColumn times = TimeColumn.of(time, type("time", time));
        StructType schema = idType().add("folder", DataTypes.StringType)
                .add("validation_loss_before", DataTypes.DoubleType)
                .add("validation_loss", DataTypes.DoubleType)
                .add("problem", DataTypes.StringType);
        return groups(times)
                .mapPartitions(new FineTuningPartition(spec(times), options, models(into)), Encoders.row(schema))
                .localCheckpoint();
    }

    private GroupModels models(String in) {
        if (in == null) return null;
        return new GroupModels(in, ids,
                new SerializableConfiguration(rows.sparkSession().sparkContext().hadoopConfiguration()));
    }

    /** Each series with its id, in a struct, and its rows. */
    private Dataset<Tuple2<Row, Points>> groups(TimeColumn times) {
        // collect_list leaves NULLs out, and the two lists have to match.
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

    /** The id has names of its own on the way, because the state of a stream takes no dots and blanks in a name. */
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

    /** The forecasts of a stream, each when its time comes. */
    private Dataset<Tuple2<Row, Steps>> stream(TimeColumn times, Encoder<Tuple2<Row, Steps>> encoder) {
        if (folder != null) throw new IllegalArgumentException("ownModels: not in a stream");
        // Spark cannot partition a stream by no column.
        if (ids.isEmpty()) throw new IllegalArgumentException("id: expected the columns that name a series");
        if (horizon == 0) throw new IllegalArgumentException("horizon: required in a stream");
        if (every == null) throw new IllegalArgumentException("every: required in a stream, such as PT1H");
        // Spark runs a query without a watermark too; then no time is ever over, and nothing comes out.
        if (!input.apply(time).metadata().contains(EventTimeWatermark.delayKey())) {
            throw new IllegalArgumentException("time: column " + time
                    + " has no watermark, which a stream needs; call withWatermark with this column before");
        }
        Duration step = duration("every", every);
        StreamSettings settings = new StreamSettings(model, chosenMode().toString(), horizon, step,
                forecastEvery == null ? step : duration("forecastEvery", forecastEvery), StreamSettings.DEFAULT_CONTEXT,
                quantiles);
        // Spark follows the watermark of the column that has it.
        return rows
                .select(key().as(ForecastProcessor.ID), rows.col(quoted(time)).as("time"),
                        times.toMicros(time).as(ForecastProcessor.MICROS),
                        number().cast(DataTypes.DoubleType).as(ForecastProcessor.VALUE))
                .groupByKey((MapFunction<Row, Row>) row -> row.getAs(ForecastProcessor.ID), Encoders.row(keyType()))
                .transformWithState(new ForecastProcessor(settings), TimeMode.EventTime(), OutputMode.Append(),
                        encoder);
    }

    /** Of a fixed length: the steps of a stream are at its multiples. */
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
        for (StructField field : input.fields()) if (field.name().equals(column)) return field.dataType();
        throw new IllegalArgumentException(
                role + ": no column " + column + " among " + Arrays.toString(input.fieldNames()));
    }

    private StructType idType() {
        StructType type = new StructType();
        for (String id : ids) type = type.add(id, type("id", id));
        return type;
    }

    /** The columns of the result. */
    StructType schema() {
        TimeColumn.of(time, type("time", time));
        StructType schema = idType().add(TIME, type("time", time))
                .add("step", DataTypes.IntegerType)
                .add("forecast", DataTypes.DoubleType);
        for (double level : quantiles) schema = schema.add(quantileName(level), DataTypes.DoubleType);
        return schema.add("problem", DataTypes.StringType);
    }

    /** {@code q10} for 0.1, {@code q2_5} for 0.025. */
    static String quantileName(double level) {
        String percent = java.math.BigDecimal.valueOf(level).movePointRight(2).stripTrailingZeros().toPlainString();
        return "q" + percent.replace('.', '_');
    }

    /** The name of a column as an expression has it. */
    static String quoted(String column) {
        return '`' + column.replace("`", "``") + '`';
    }
}
