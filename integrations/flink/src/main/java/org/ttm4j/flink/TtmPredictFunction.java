package org.ttm4j.flink;

import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.PredictFunction;
import org.ttm4j.ttm.Forecast;
import org.ttm4j.ttm.ForecastRequest;
import org.ttm4j.ttm.ForecastResult;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.live.StreamSettings;

/** Forecasts the history that a row holds as an array; public for the code that Flink generates. */
public final class TtmPredictFunction extends PredictFunction {
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

    /** Null where there is none. */
    private ArrayData forecast(ArrayData values) {
        double[] history = new double[values.size()];
        for (int t = 0; t < history.length; t++) history[t] = values.isNullAt(t) ? Double.NaN : values.getDouble(t);
        if (history.length < forecaster.minimumHistory()) return null;
        ForecastRequest request = ForecastRequest.of(new double[][]{history})
                .withHorizon(settings.horizon())
                .withFrequency(settings.frequency());
        return switch (forecaster.forecastAll(List.of(request)).get(0)) {
            case ForecastResult.Success(Forecast forecast) -> new GenericArrayData(forecast.doubleValues()[0]);
            case ForecastResult.Failure refused -> null;
        };
    }
}
