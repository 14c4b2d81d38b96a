package org.ttm4j.flink;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryArrayData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.PredictFunction;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.ml.PredictRuntimeProvider;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * Provides the models of this library for {@code ML_PREDICT}. Histories are arrays, oldest value first.
 *
 * <pre>{@code
 * CREATE MODEL ttm INPUT (history ARRAY<DOUBLE>) OUTPUT (forecast ARRAY<DOUBLE>)
 * WITH ('provider' = 'ttm4j', 'model' = 'default', 'horizon' = '24', 'frequency' = '1 h');
 *
 * SELECT id, forecast FROM ML_PREDICT(TABLE windows, MODEL ttm, DESCRIPTOR(history))
 * }</pre>
 *
 * <p>Options: {@code horizon}, {@code frequency}, and {@code model} ({@code default}) and {@code mode}
 * ({@code balanced}), as in {@link StreamSettings}. Input and output are one ARRAY&lt;DOUBLE&gt; each; nulls in a
 * history are missing values. The forecast is null if the history is null or too short, or the model rejects it. Flink
 * finds this class by its service file.
 */
public class TtmModelProviderFactory implements ModelProviderFactory {
    private static final ConfigOption<String> MODEL = ConfigOptions.key("model")
            .stringType()
            .defaultValue(SharedForecasters.DEFAULT)
            .withDescription("default, the name of a bundled model, or a checkpoint folder");
    private static final ConfigOption<String> MODE = ConfigOptions.key("mode")
            .stringType()
            .defaultValue(ForecastMode.BALANCED.toString())
            .withDescription("fast or balanced");
    private static final ConfigOption<Integer> HORIZON = ConfigOptions.key("horizon")
            .intType()
            .noDefaultValue()
            .withDescription("steps to forecast");
    private static final ConfigOption<Duration> FREQUENCY = ConfigOptions.key("frequency")
            .durationType()
            .noDefaultValue()
            .withDescription("the time between two steps");

    @Override
    public String factoryIdentifier() {
        return "ttm4j";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(HORIZON, FREQUENCY);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of(MODEL, MODE);
    }

    @Override
    public ModelProvider createModelProvider(Context context) {
        FactoryUtil.ModelProviderFactoryHelper helper = FactoryUtil.createModelProviderFactoryHelper(this, context);
        helper.validate();
        requireArray("input", context.getCatalogModel().getResolvedInputSchema());
        requireArray("output", context.getCatalogModel().getResolvedOutputSchema());
        return new Provider(settings(helper.getOptions()));
    }

    private record Provider(StreamSettings settings) implements PredictRuntimeProvider {
        @Override
        public PredictFunction createPredictFunction(ModelProvider.Context context) {
            return new TtmPredictFunction(settings);
        }

        @Override
        public ModelProvider copy() {
            return this;
        }
    }

    private static StreamSettings settings(ReadableConfig options) {
        try {
            return StreamSettings.of(options.get(HORIZON), options.get(FREQUENCY))
                    .withModel(options.get(MODEL))
                    .withMode(options.get(MODE));
        } catch (IllegalArgumentException wrong) {
            throw new ValidationException("provider ttm4j: " + wrong.getMessage(), wrong);
        }
    }

    private static void requireArray(String name, ResolvedSchema schema) {
        List<LogicalType> types = schema.getColumns()
                .stream()
                .map(column -> column.getDataType().getLogicalType())
                .toList();
        boolean fits = types.size() == 1 && types.get(0) instanceof ArrayType array
                && array.getElementType().is(LogicalTypeRoot.DOUBLE);
        if (!fits) {
            throw new ValidationException("provider ttm4j: " + name + " " + types + ": expected one ARRAY<DOUBLE>");
        }
    }

    /** Forecasts the history in the array of a row. Public for the code that Flink generates. */
    public static final class TtmPredictFunction extends PredictFunction {
        private static final long serialVersionUID = 1;

        private final StreamSettings settings;
        private transient Forecaster forecaster;

        TtmPredictFunction(StreamSettings settings) {
            this.settings = settings;
        }

        @Override
        public void open(FunctionContext context) {
            forecaster = settings.forecaster();
        }

        @Override
        public Collection<RowData> predict(RowData row) {
            return List.of(GenericRowData.of(row.isNullAt(0) ? null : forecast(row.getArray(0))));
        }

        /** The forecast; null if there is none. */
        private ArrayData forecast(ArrayData values) {
            double[] history = history(values);
            if (history.length < forecaster.info().minimumHistory()) return null;
            ForecastRequest request = ForecastRequest.of(new double[][]{history})
                    .withHorizon(settings.horizon())
                    .withFrequency(settings.frequency());
            return switch (forecaster.forecastAll(List.of(request)).get(0)) {
                case ForecastResult.Success(Forecast forecast) -> new GenericArrayData(forecast.doubleValues()[0]);
                case ForecastResult.Failure refused -> null;
            };
        }

        /** The history from the first value on that is not missing. */
        private static double[] history(ArrayData values) {
            int size = values.size();
            // Flink also accepts arrays of other numbers, and passes their bytes.
            boolean narrow = values instanceof BinaryArrayData bytes && bytes
                    .getSizeInBytes() < BinaryArrayData.calculateHeaderInBytes(size) + (long) size * Double.BYTES;
            double[] history = new double[size];
            int first = 0;
            int numbers = 0;
            int wholes = 0;
            for (int t = 0; t < size; t++) {
                double value = narrow || values.isNullAt(t) ? Double.NaN : values.getDouble(t);
                // True for the bytes of an integer or a decimal that are read as a double.
                boolean whole = value != 0 && Math.abs(value) < Double.MIN_NORMAL || Double.isNaN(value)
                        && Double.doubleToRawLongBits(value) != Double.doubleToLongBits(Double.NaN);
                if (whole) wholes++;
                else if (value != 0 && !Double.isNaN(value)) numbers++;
                history[t] = Float.isFinite((float) value) ? value : Double.NaN;
                if (first == t && Double.isNaN(history[t])) first++;
            }
            // Among other numbers, a tiny one is what it seems.
            if (narrow || wholes > 0 && numbers == 0) {
                throw new IllegalArgumentException("history: expected an ARRAY<DOUBLE>, found an array of other "
                        + "numbers; CAST(history AS ARRAY<DOUBLE>)");
            }
            return Arrays.copyOfRange(history, first, size);
        }
    }
}
