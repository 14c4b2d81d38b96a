package org.ttm4j.flink;

import java.io.Serializable;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.StateTypeStrategy;
import org.apache.flink.table.types.inference.StaticArgument;
import org.apache.flink.table.types.inference.StaticArgumentTrait;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.table.types.inference.TypeStrategy;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.types.ColumnList;
import org.apache.flink.types.Row;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.live.SharedForecasters;
import org.ttm4j.forecast.live.StreamSettings;

/**
 * A call of a function in a query, with the values of its literal arguments.
 *
 * @param settings the settings without quantiles, whose levels are not known before the query runs
 * @param value the index of the column to forecast
 * @param levels the type of the argument for the levels; null if it is not given
 */
record Call(StreamSettings settings, int value, DataType levels) implements Serializable {
    /** The index of the argument for the levels, which differs between the functions. */
    static final int LEVELS = 5;
    private static final int SERIES = 0;
    private static final int DATA_COL = 1;
    private static final int HORIZON = 2;
    private static final int EVERY = 3;
    private static final int FREQUENCY = 4;
    private static final int CONTEXT_WINDOW = 6;
    private static final int MODEL = 7;
    private static final int MODE = 8;
    /** An argument that Flink adds after those of the function. */
    private static final int ON_TIME = 9;

    /**
     * What Flink has to know of a function.
     *
     * @param call null until it is known
     * @param levels the name of the argument for the levels
     * @param usual the declared type of the levels
     * @param state the column of the state after that of the series; savepoints contain both, so they must not change
     * @param output the type of the rows that a call returns
     */
    static TypeInference types(Call call, String levels, DataType usual, DataTypes.Field state, TypeStrategy output) {
        // Flink declares that it casts levels, but passes 0.99 and ARRAY[0.1, 0.9] unchanged, as decimals.
        DataType passed = call == null || call.levels == null ? usual : call.levels.nullable();
        DataType interval = DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3));
        DataType columns = DataTypes.ROW(DataTypes.FIELD("series", DataTypes.BYTES()), state);
        return TypeInference.newBuilder()
                .staticArguments(
                        StaticArgument.table("series", Row.class, false,
                                EnumSet.of(StaticArgumentTrait.SET_SEMANTIC_TABLE,
                                        StaticArgumentTrait.REQUIRE_ON_TIME)),
                        StaticArgument.scalar("data_col", DataTypes.DESCRIPTOR(), false),
                        StaticArgument.scalar("horizon", DataTypes.INT(), false),
                        StaticArgument.scalar("every", interval, false),
                        StaticArgument.scalar("frequency", interval, true), StaticArgument.scalar(levels, passed, true),
                        StaticArgument.scalar("context_window", DataTypes.INT(), true),
                        StaticArgument.scalar("model", DataTypes.STRING(), true),
                        StaticArgument.scalar("mode", DataTypes.STRING(), true))
                .stateTypeStrategies(
                        new LinkedHashMap<>(Map.of("state", StateTypeStrategy.of(TypeStrategies.explicit(columns)))))
                .outputTypeStrategy(output)
                .build();
    }

    /**
     * Reads a call.
     *
     * @throws ValidationException when an argument is not a literal, or its value is invalid
     */
    static Call of(CallContext context) {
        DataType series = context.getArgumentDataTypes().get(SERIES);
        int value = column(context, series, DATA_COL, "data_col");
        LogicalType type = DataType.getFieldDataTypes(series).get(value).getLogicalType();
        if (!type.is(LogicalTypeFamily.NUMERIC)) {
            throw new ValidationException("data_col: the column " + DataType.getFieldNames(series).get(value) + " is "
                    + type.asSummaryString() + ": expected a number");
        }
        Duration every = literal(context, EVERY, "every", Duration.class, null);
        try {
            StreamSettings settings = new StreamSettings(
                    literal(context, MODEL, "model", String.class, SharedForecasters.DEFAULT),
                    literal(context, MODE, "mode", String.class, ForecastMode.BALANCED.toString()),
                    literal(context, HORIZON, "horizon", Integer.class, null),
                    literal(context, FREQUENCY, "frequency", Duration.class, every), every,
                    literal(context, CONTEXT_WINDOW, "context_window", Integer.class, StreamSettings.DEFAULT_CONTEXT),
                    new double[0]);
            return new Call(settings, value,
                    context.isArgumentNull(LEVELS) ? null : context.getArgumentDataTypes().get(LEVELS));
        } catch (IllegalArgumentException wrong) {
            throw new ValidationException(wrong.getMessage(), wrong);
        }
    }

    /** The type of the column {@code on_time}. */
    static DataType timeType(CallContext context) {
        DataType series = context.getArgumentDataTypes().get(SERIES);
        int column = context.getTableSemantics(SERIES).orElseThrow().timeColumn();
        // The time column is unknown before planning; after planning the argument is no longer available.
        if (column < 0) column = column(context, series, ON_TIME, "on_time");
        boolean local = DataType.getFieldDataTypes(series)
                .get(column)
                .getLogicalType()
                .is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
        return (local ? DataTypes.TIMESTAMP_LTZ(3) : DataTypes.TIMESTAMP(3)).notNull();
    }

    private static int column(CallContext context, DataType series, int argument, String name) {
        List<String> columns = context.getArgumentValue(argument, ColumnList.class)
                .map(ColumnList::getNames)
                .orElse(List.of());
        List<String> names = DataType.getFieldNames(series);
        if (columns.size() != 1 || !names.contains(columns.get(0))) {
            throw new ValidationException(
                    name + " " + columns + ": expected a DESCRIPTOR of one of the columns " + String.join(", ", names));
        }
        return names.indexOf(columns.get(0));
    }

    private static <T> T literal(CallContext context, int argument, String name, Class<T> type, T otherwise) {
        if (context.isArgumentNull(argument) && otherwise != null) return otherwise;
        return context.getArgumentValue(argument, type)
                .orElseThrow(() -> new ValidationException(name + ": expected a literal"));
    }

    /** The value of a row; NaN for null. */
    double value(Row row) {
        Number number = row.getFieldAs(value);
        return number == null ? Double.NaN : number.doubleValue();
    }
}
