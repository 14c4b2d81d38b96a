/** Benchmark protocols, validation sets, backtests, pre-training, and the page that shows a model. Prints nothing. */
module org.ttm4j.eval {
    requires org.dhatim.fastexcel;
    /** Pictures in PNG; whoever draws one requires it. */
    requires static java.desktop;
    requires transitive org.ttm4j.forecast;
    requires transitive org.ttm4j.ttm;
    requires transitive org.ttm4j.data;

    exports org.ttm4j.eval.backtest;
    exports org.ttm4j.eval.page;
    exports org.ttm4j.eval.plot;
    exports org.ttm4j.eval.pretraining;
    exports org.ttm4j.eval.protocol;
    exports org.ttm4j.eval.report;
    exports org.ttm4j.eval.table;
    exports org.ttm4j.eval.validation;
}
