package org.ttm4j.flink;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.PredictFunction;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.ml.PredictRuntimeProvider;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.ttm4j.forecast.ForecastMode;
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
}
