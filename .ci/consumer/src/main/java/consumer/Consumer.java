package consumer;

import org.ttm4j.engine.KernelSelection;
import org.ttm4j.forecast.Forecaster;

/** A program that depends on org.ttm4j:ttm4j and on nothing else. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] arguments) {
        float[][] history = new float[1][512];
        for (int t = 0; t < 512; t++) history[0][t] = (float) Math.sin(2 * Math.PI * t / 24);
        float[] values = Forecaster.bundled().forecast(history).values()[0];
        double error = 0;
        for (int t = 0; t < values.length; t++) error += Math.abs(values[t] - Math.sin(2 * Math.PI * (512 + t) / 24));
        System.out.printf("%d steps, mean absolute error %.3f, %s kernels%n", values.length, error / values.length,
                KernelSelection.active().name());
        if (values.length != 96 || !(error / values.length < 0.2)) System.exit(1);
    }
}
