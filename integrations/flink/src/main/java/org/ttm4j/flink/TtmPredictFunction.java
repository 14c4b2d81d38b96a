package org.ttm4j.flink;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryArrayData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.PredictFunction;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.StreamSettings;

/** Forecasts the history in the array of a row. Public for the code that Flink generates. */
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
        boolean narrow = values instanceof BinaryArrayData bytes
                && bytes.getSizeInBytes() < BinaryArrayData.calculateHeaderInBytes(size) + (long) size * Double.BYTES;
        double[] history = new double[size];
        int first = 0;
        int numbers = 0;
        int wholes = 0;
        for (int t = 0; t < size; t++) {
            double value = narrow || values.isNullAt(t) ? Double.NaN : values.getDouble(t);
            // True for the bytes of an integer or a decimal that are read as a double.
            boolean whole = value != 0 && Math.abs(value) < Double.MIN_NORMAL
                    || Double.isNaN(value) && Double.doubleToRawLongBits(value) != Double.doubleToLongBits(Double.NaN);
            if (whole) wholes++;
            else if (value != 0 && !Double.isNaN(value)) numbers++;
            history[t] = Float.isFinite((float) value) ? value : Double.NaN;
            if (first == t && Double.isNaN(history[t])) first++;
        }
        // Among other numbers, a tiny one is what it seems.
        if (narrow || wholes > 0 && numbers == 0) {
            throw new IllegalArgumentException("history: expected an ARRAY<DOUBLE>, found an array of other numbers; "
                    + "CAST(history AS ARRAY<DOUBLE>)");
        }
        return Arrays.copyOfRange(history, first, size);
    }
}
