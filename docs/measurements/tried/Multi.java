import java.io.*;
import java.nio.file.*;
import java.time.*;
import java.time.temporal.*;
import java.util.*;
import java.util.zip.*;
import org.ttm4j.forecast.*;

public class Multi {
    record Window(String set, String id, double[] history, double[] truth, TemporalAmount frequency, int season) {}

    static final String ROOT = "/work/shared/data/pretrain/";

    static final String[] FILES = {"adelaide_3h_weather/kent_town","airgr_daily_river/l0123001","ansett/weekly","appliances_energy_10min/stambruges","aus_births/monthly","aus_livestock/monthly","bangladesh_division_daily/bpdb","beijing_multisite_air/huairou","birmingham_parking_30min/occupancy","charged_ev_melbourne/volume","chicago_cta_daily/boardings","chicago_l/daily","citylearn_fontana_homes/load","datacenter_traces/google2019_300s","divi_icu/bundeslaender_daily","dtu_solar_station/ten_minute","eia_hourly_demand_ba/ba_a","entsog_gas_daily/points","epimdr_weekly/ma_pa_2006","europe_load_15min_2015/at_ch_nl","gefcom2014_load/l","irish_wind_daily/wind","la_pollution_mortality/weekly","london_bloomsbury_air/bloomsbury","macleish_10min_weather/whately_2015","madrid_transit_daily/users","montreal_er/patients_total_hourly","mta_daily_ridership/modes","nsw_offences/monthly","nyc_taxi_zones_hourly/zones","opendengue/wpro_weekly_6","pharma_sales/hourly","seoul_bike_hourly/demand_weather","spain_fuel/monthly","tsrepr_elec_load/consumers","txhousing/sales_monthly","tycho_weekly/mumps","shiller_sp500/monthly","aus_travel/aus_inbound_monthly","aus_retail/monthly","weekly_deaths/by_country_mon"};

    public static void main(String[] args) throws Exception {
        Forecaster forecaster = Forecaster.bundled();
        String[] variants = args[0].split(",");
        int most = Integer.parseInt(args[1]);
        PrintWriter[] outs = new PrintWriter[variants.length];
        for (int v = 0; v < outs.length; v++) {
            outs[v] = new PrintWriter("o.m" + most + "." + variants[v] + ".m");
            outs[v].println("set,id,rows,mae,naive,mase,pinball,naivemae2,covered,steps,width");
        }
        for (String file : FILES) {
            Table t;
            try { t = read(file + ".csv.gz"); } catch (IOException e) { System.out.println(e); continue; }
            long seconds = Duration.between(t.times[0], t.times[1]).toSeconds();
            TemporalAmount step = seconds > 20 * 86400L ? Period.ofMonths(1) : Duration.ofSeconds(seconds);
            String k = seconds > 20 * 86400L ? "M" : seconds == 7 * 86400 ? "W" : seconds == 86400 ? "D" : "H";
            int season = k == "M" ? 12 : k == "W" ? 52 : k == "D" ? 7 : (int) (86400 / seconds);
            int horizon = k == "M" ? 12 : k == "W" ? 13 : k == "D" ? 28 : 48;
            int rows = t.times.length;
            int want = k == "M" ? Math.min(most, 120) : k == "W" ? Math.min(most, 200) : most;
            int origins = k == "H" ? 6 : 8;
            for (int o = 0; o < origins; o++) {
                int end = rows / 2 + (int) ((rows / 2 - horizon) * (o + .5) / origins);
                int from = Math.max(0, end - want);
                List<double[]> h = new ArrayList<>(), y = new ArrayList<>();
                List<String> names = new ArrayList<>();
                for (int c = 0; c < t.channels.length && h.size() < 8; c++) {
                    double[] past = Arrays.copyOfRange(t.channels[c], from, end);
                    long nan = Arrays.stream(past).filter(Double::isNaN).count();
                    if (nan > .3 * past.length || Double.isNaN(past[0]) || Double.isNaN(past[past.length - 1])) continue;
                    if (Arrays.stream(past).distinct().count() < 5) continue;
                    h.add(past);
                    y.add(Arrays.copyOfRange(t.channels[c], end, end + horizon));
                    names.add(t.names[c]);
                }
                if (h.size() < 2) continue;
                ForecastRequest request = ForecastRequest.of(h.toArray(double[][]::new)).withFrequency(step).withHorizon(horizon).withQuantiles(.1, .2, .3, .4, .5, .6, .7, .8, .9);
                for (int v = 0; v < outs.length; v++) {
                    System.setProperty("x", variants[v]);
                    Forecast f = forecaster.forecast(request);
                    for (int c = 0; c < h.size(); c++) score(outs[v], new Window(k + ":" + file.split("/")[0], names.get(c) + "@" + end, h.get(c), y.get(c), step, season), c, f);
                }
            }
        }
        for (PrintWriter o : outs) o.close();
    }

    static void score(PrintWriter out, Window w, int c, Forecast f) {
        int n = 0; double mae = 0, naive = 0, pin = 0; int covered = 0; double width = 0;
        double[] forecast = f.doubleValues()[c];
        double scale = scale(w.history, w.season);
        double[] q1 = f.doubleQuantile(.1)[c], q9 = f.doubleQuantile(.9)[c];
        for (int h = 0; h < w.truth.length; h++) {
            double y = w.truth[h];
            if (Double.isNaN(y)) continue;
            int t = w.history.length + h % w.season - w.season;
            while (t >= 0 && Double.isNaN(w.history[t])) t -= w.season;
            double last = t >= 0 ? w.history[t] : mean(w.history);
            n++;
            mae += Math.abs(y - forecast[h]);
            naive += Math.abs(y - last);
            if (y >= q1[h] && y <= q9[h]) covered++;
            width += q9[h] - q1[h];
            for (int q = 1; q <= 9; q++) {
                double v = f.doubleQuantile(q / 10.0)[c][h], d = y - v;
                pin += 2 * Math.max(q / 10.0 * d, (q / 10.0 - 1) * d) / 9;
            }
        }
        if (n == 0 || !(scale > 0)) return;
        out.printf(Locale.ROOT, "%s,%s,%d,%.6g,%.6g,%.6g,%.6g,%.6g,%d,%d,%.6g%n", w.set, w.id, w.history.length, mae / n, naive / n,
                mae / n / scale, pin / n / scale, naive / n / scale, covered, n, width / n / scale);
    }

    static double[] log(double[] v) { return Arrays.stream(v).map(x -> x > 0 ? Math.log(x) : 0).toArray(); }

    static double mean(double[] v) { return Arrays.stream(v).filter(x -> !Double.isNaN(x)).average().orElse(0); }

    static double scale(double[] v, int m) {
        double s = 0; int n = 0;
        for (int t = m; t < v.length; t++) {
            double d = Math.abs(v[t] - v[t - m]);
            if (!Double.isNaN(d)) { s += d; n++; }
        }
        return n == 0 ? Double.NaN : s / n;
    }

    /** One file: times and channels. */
    record Table(LocalDateTime[] times, String[] names, double[][] channels) {}

    static Table read(String file) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(new FileInputStream(ROOT + file))))) {
            String[] head = in.readLine().split(",");
            List<double[]> rows = new ArrayList<>();
            List<LocalDateTime> times = new ArrayList<>();
            for (String line; (line = in.readLine()) != null;) {
                String[] cells = line.split(",", -1);
                String t = cells[0];
                times.add(t.length() == 10 ? LocalDate.parse(t).atStartOfDay() : LocalDateTime.parse(t.replace(' ', 'T')));
                double[] row = new double[head.length - 1];
                for (int c = 0; c < row.length; c++) row[c] = c + 1 >= cells.length || cells[c + 1].isEmpty() ? Double.NaN : Double.parseDouble(cells[c + 1]);
                rows.add(row);
            }
            double[][] channels = new double[head.length - 1][rows.size()];
            for (int t = 0; t < rows.size(); t++) for (int c = 0; c < channels.length; c++) channels[c][t] = rows.get(t)[c];
            return new Table(times.toArray(LocalDateTime[]::new), Arrays.copyOfRange(head, 1, head.length), channels);
        }
    }

    static double[] trim(double[] v) {
        int a = 0, b = v.length;
        while (a < b && Double.isNaN(v[a])) a++;
        while (b > a && Double.isNaN(v[b - 1])) b--;
        return Arrays.copyOfRange(v, a, b);
    }

    static void dump(List<Window> windows, String file) throws IOException {
        try (PrintWriter out = new PrintWriter(file)) {
            for (Window w : windows) {
                StringBuilder b = new StringBuilder(w.set + "," + w.id + "," + w.season + "," + w.history.length + "," + w.truth.length);
                for (double v : w.history) b.append(',').append(Double.isNaN(v) ? "NA" : String.format(Locale.ROOT, "%.8g", v));
                for (double v : w.truth) b.append(',').append(Double.isNaN(v) ? "NA" : String.format(Locale.ROOT, "%.8g", v));
                out.println(b);
            }
        }
    }
}
