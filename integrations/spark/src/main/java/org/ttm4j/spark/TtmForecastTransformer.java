package org.ttm4j.spark;

import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.ttm4j.forecast.live.SharedForecasters;

/**
 * {@link TtmForecast} as a pipeline stage with the same result columns. It is saved and loaded with the pipeline. Like
 * other stages, it is not thread-safe while it is configured.
 *
 * <pre>{@code
 * new Pipeline().setStages(new PipelineStage[]{
 *         new TtmForecastTransformer().setIdCols("meter").setTimeCol("time").setValueCol("load").setHorizon(24)});
 * }</pre>
 */
public final class TtmForecastTransformer extends Transformer implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final StringArrayParam idCols;
    private final Param<String> timeCol;
    private final Param<String> valueCol;
    private final IntParam horizon;
    private final DoubleArrayParam quantiles;
    private final Param<String> model;

    /** A stage with a random name. */
    public TtmForecastTransformer() {
        this(Identifiable$.MODULE$.randomUID("ttmForecast"));
    }

    /** A stage with a given name, for Spark when it loads a pipeline. */
    public TtmForecastTransformer(String uid) {
        // Params read the name of their stage, so it is set first.
        this.uid = uid;
        idCols = new StringArrayParam(this, "idCols", "columns that name the series");
        timeCol = new Param<>(this, "timeCol", "column of the time");
        valueCol = new Param<>(this, "valueCol", "column of numbers");
        horizon = new IntParam(this, "horizon", "steps to forecast; 0 for as many as suit the frequency");
        quantiles = new DoubleArrayParam(this, "quantiles", "levels of quantiles, ascending");
        model = new Param<>(this, "model", "a bundled model or a folder");
        setDefault(idCols(), new String[0]);
        setDefault(horizon(), 0);
        setDefault(quantiles(), new double[0]);
        setDefault(model(), SharedForecasters.DEFAULT);
    }

    /** A reader of saved stages. Spark finds this method by its name. */
    public static MLReader<TtmForecastTransformer> read() {
        return new DefaultParamsReader<>();
    }

    /** The stage that was saved in a folder. */
    public static TtmForecastTransformer load(String path) {
        return read().load(path);
    }

    @Override
    public String uid() {
        return uid;
    }

    /** See {@link TtmForecast#id}. */
    public StringArrayParam idCols() {
        return idCols;
    }

    /** See {@link TtmForecast#time}. */
    public Param<String> timeCol() {
        return timeCol;
    }

    /** See {@link TtmForecast#value}. */
    public Param<String> valueCol() {
        return valueCol;
    }

    /** See {@link TtmForecast#horizon}. */
    public IntParam horizon() {
        return horizon;
    }

    /** See {@link TtmForecast#quantiles}. */
    public DoubleArrayParam quantiles() {
        return quantiles;
    }

    /** See {@link TtmForecast#model}. */
    public Param<String> model() {
        return model;
    }

    public TtmForecastTransformer setIdCols(String... columns) {
        set(idCols(), columns);
        return this;
    }

    public TtmForecastTransformer setTimeCol(String column) {
        set(timeCol(), column);
        return this;
    }

    public TtmForecastTransformer setValueCol(String column) {
        set(valueCol(), column);
        return this;
    }

    public TtmForecastTransformer setHorizon(int steps) {
        set(horizon(), steps);
        return this;
    }

    public TtmForecastTransformer setQuantiles(double... levels) {
        set(quantiles(), levels);
        return this;
    }

    public TtmForecastTransformer setModel(String nameOrFolder) {
        set(model(), nameOrFolder);
        return this;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        return TtmForecast.of(rows.toDF())
                .id(getOrDefault(idCols()))
                .time(getOrDefault(timeCol()))
                .value(getOrDefault(valueCol()))
                .horizon((int) getOrDefault(horizon()))
                .quantiles(getOrDefault(quantiles()))
                .model(getOrDefault(model()))
                .forecast();
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return transform(SparkSession.builder().getOrCreate().createDataFrame(List.of(), schema)).schema();
    }

    @Override
    public TtmForecastTransformer copy(ParamMap extra) {
        return defaultCopy(extra);
    }
}
