/** Benchmark protocols, validation sets, backtests, pre-training, and the page that shows a model. Prints nothing. */
module org.ttm4j.eval {
    requires org.dhatim.fastexcel;
    requires transitive org.ttm4j.forecast;
    requires transitive org.ttm4j.ttm;
    requires transitive org.ttm4j.data;

    exports org.ttm4j.eval.backtest;
    exports org.ttm4j.eval.page;
    exports org.ttm4j.eval.pretraining;
    exports org.ttm4j.eval.protocol;
    exports org.ttm4j.eval.table;
    exports org.ttm4j.eval.validation;
}
