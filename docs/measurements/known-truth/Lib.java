import java.nio.file.*; import java.time.*; import java.time.temporal.*; import java.util.*; import java.util.stream.*;
import org.ttm4j.forecast.*;
public class Lib {
  public static void main(String[] a) throws Exception { // dir seed N label regex [tot]
    String dir=a[0]; int seed=Integer.parseInt(a[1]); Fq.N=Integer.parseInt(a[2]); String label=a[3], only=a[4]; boolean tot=a.length>5;
    Path out=Path.of(dir,"out-"+label); Files.createDirectories(out);
    Forecaster f=Forecaster.bundled();
    for(Fq.Kind k:Fq.kinds){ if(!k.name().matches(only)) continue; long t0=System.nanoTime();
      TemporalAmount fr=switch(k.freq()){case "Y"->Period.ofYears(1);case "Q"->Period.ofMonths(3);case "M"->Period.ofMonths(1);case "W"->Duration.ofDays(7);case "D"->Duration.ofDays(1);case "B"->Duration.ofDays(7).dividedBy(5);case "H"->Duration.ofHours(1);case "15"->Duration.ofMinutes(15);case "10"->Duration.ofMinutes(10);default->Duration.ofMinutes(30);};
      if(List.of("D","B","W").contains(k.freq()))System.setProperty("x.year",k.freq().equals("D")?"365.25":k.freq().equals("W")?"52.178":"260.893");else System.clearProperty("x.year");
      List<ForecastRequest> rs=new ArrayList<>(); List<LocalDateTime[]> ts=new ArrayList<>();
      for(int i=0;i<Fq.N;i++){LocalDateTime[][] tt=new LocalDateTime[1][];double[] y=Fq.series(k,i,seed,tt);double[] x=new double[k.n()];for(int j=0;j<x.length;j++)x[j]=(float)y[j];
        ForecastRequest r=ForecastRequest.of(new double[][]{x}).withHorizon(k.h()).withFrequency(fr);
        r=r.withStart(tt[0][0].toLocalDate().atStartOfDay().equals(tt[0][0])&&!List.of("H","15","10","30").contains(k.freq())?tt[0][0].toLocalDate():tt[0][0]);
        if(tot)r=r.withSamples(1000); rs.add(r);ts.add(tt[0]);}
      List<ForecastResult> res=f.forecastAll(rs,Execution.ALONE);
      StringBuilder b=new StringBuilder("id,time,value\n"),w=new StringBuilder(),tb=new StringBuilder("id\n");
      for(int i=0;i<Fq.N;i++){ if(!(res.get(i) instanceof ForecastResult.Success s)){System.err.println(k.name()+" "+res.get(i));continue;} Forecast c=s.forecast();
        for(int h=0;h<k.h();h++){b.append("s"+i+",t,"+(float)c.value(0,h)+","+(float)c.mean(0,h));for(int q=1;q<=9;q++)b.append(","+(float)c.doubleQuantile(q/10.)[0][h]);b.append("\n");}
        w.append("s"+i+" "+c.weights().get(0).entrySet().stream().map(e->String.format("%s %.2f",e.getKey(),e.getValue())).collect(Collectors.joining("; "))+" || "+c.notes().stream().filter(n->!n.startsWith("combined")&&!n.contains("rest on")).collect(Collectors.joining(" | "))+"\n");
        if(tot){double[][] sm=c.samples().get()[0];double[] su=new double[sm.length];for(int z=0;z<sm.length;z++)su[z]=Arrays.stream(sm[z]).sum();Arrays.sort(su);tb.append("s"+i+",a,b,c,0,0,"+su[su.length/10]+",,,,,,,,"+su[su.length*9/10]+"\n");}
      }
      Files.writeString(out.resolve(k.name()+".csv"),b);Files.writeString(out.resolve(k.name()+".w"),w);if(tot)Files.writeString(out.resolve(k.name()+".tot"),tb);
      System.err.println(k.name()+" "+(System.nanoTime()-t0)/1000000);
    }
  }
}
