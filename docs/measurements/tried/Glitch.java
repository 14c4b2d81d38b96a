import java.util.*; import java.time.*; import org.ttm4j.forecast.*; import java.nio.file.*;
public class Glitch {
  public static void main(String[] a) throws Exception {
    List<double[]> sets=new ArrayList<>();
    Forecaster f=Forecaster.bundled();
    for (String name: new String[]{"gefcom2014_load/l","vic_elec/halfhour","seoul_bike_hourly/demand_weather","irish_wind_daily/wind","us_births/daily1994_2003","ontario_ieso/demand_price"}) {
      Multi.Table t=Multi.read(name+".csv.gz");
      Duration step=Duration.between(t.times()[0],t.times()[1]);
      int H=step.toDays()>=1?28:48;
      double[] e=new double[8]; int n=0;
      for(int o=0;o<8;o++){
        int end=2500+o*((t.times().length-2600)/8);
        if (end+H>t.times().length) continue;
        double[] h=Arrays.copyOfRange(t.channels()[0],end-2048,end); double[] y=Arrays.copyOfRange(t.channels()[0],end,end+H);
        if (Double.isNaN(h[h.length-1])) continue;
        double sd=0,m=0; for(double v:h) if(!Double.isNaN(v)) m+=v/h.length; for(double v:h) if(!Double.isNaN(v)) sd+=(v-m)*(v-m)/h.length; sd=Math.sqrt(sd);
        int k=0;
        for(double size: new double[]{0,8,30,1000}) for(int cnt: new int[]{1,6}) {
          Random r=new Random(o*7+cnt);
          double[] g=h.clone();
          for(int i=0;i<cnt;i++){ int p=g.length-5-r.nextInt(cnt==1?300:1500); g[p]+=size*sd; }
          double[] p=f.forecast(ForecastRequest.of(new double[][]{g}).withFrequency(step).withHorizon(H)).doubleValues()[0];
          double s=0; int c=0; for(int i=0;i<H;i++) if(!Double.isNaN(y[i])){s+=Math.abs(y[i]-p[i]);c++;}
          e[k++]+=s/Math.max(1,c);
        }
        n++;
      }
      System.out.printf("%-35s",name); for(int k=0;k<8;k++) System.out.printf(" %.3f",e[k]/e[k%2]); System.out.println();
    }
  }
}
