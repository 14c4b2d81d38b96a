package org.ttm4j.forecast.combine;
import java.io.*;
import java.util.*;
import org.ttm4j.forecast.*;
public class Modes extends Dump {
    static PrintWriter out;
    public static void main(String[] a) throws Exception {
        out = new PrintWriter(a[0] + ".modes.csv");
        out.println("set,group,rows,variant,mae,pin,cov,n,micros");
        Forecaster best = ForecastMode.BEST.around((ModelForecaster) Forecaster.bundled().fast());
        ONLY = g -> a[3].indexOf(g.charAt(0)) >= 0 && !g.equals("Qn");
        LAZY = true;
        SINK = (set, group, h, truth, scale) -> {
            score(set, group, h, truth, scale, "balanced", Dump.forecaster);
            score(set, group, h, truth, scale, "best", best);
            out.flush();
        };
        Dump.main(a);
        out.close();
    }
    static void score(String set, String group, double[] h, double[] truth, double scale, String v, Forecaster of) {
        long t0 = java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Forecast f = of.forecast(request);
        long t1 = java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        double mae = 0, pin = 0, cov = 0; int n = 0;
        double[][] q = new double[10][];
        for (int i = 1; i < 10; i++) q[i] = f.doubleQuantile(i / 10.)[0];
        double[] values = f.doubleValues()[0];
        for (int t = 0; t < truth.length; t++) {
            double y = truth[t];
            if (Double.isNaN(y)) continue;
            n++;
            mae += Math.abs(y - values[t]);
            if (y >= q[1][t] && y <= q[9][t]) cov++;
            for (int i = 1; i < 10; i++) { double d = y - q[i][t]; pin += 2 * Math.max(i / 10. * d, (i / 10. - 1) * d) / 9; }
        }
        out.printf(Locale.ROOT, "%s,%s,%d,%s,%.6g,%.6g,%.5f,%d,%d%n", set, group, h.length, v, mae / n / scale, pin / n / scale, cov / n, n, (t1 - t0) / 1000);
    }
}
