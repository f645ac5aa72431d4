package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"runtime"
	"slices"
	"time"

	"guichetdunumerique.be/guichet/desk"
)

// probe answers monitoring: /metrics in Prometheus's text format (version 0.0.4) and /healthz. It says nothing of any
// person. What it tells is read from the stores when it is asked.
type probe struct {
	offices []*office
}

// serveProbe answers at an address until ctx ends.
func serveProbe(ctx context.Context, address string, offices []*office, log *slog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return withHint(fmt.Errorf("listening for monitoring at %s: %w", address, err), "metrics.listen says where; another program may have that port")
	}
	p := probe{offices}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", p.metrics)
	mux.HandleFunc("GET /healthz", p.healthz)
	server := &http.Server{
		Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go func() {
		<-ctx.Done()
		_ = server.Close() // whoever asks just now asks again
	}()
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("monitoring is no longer answered", "err", err)
		}
	}()
	return nil
}

// healthz is 200 where every desk is well, else 503, with what is wrong.
func (p probe) healthz(w http.ResponseWriter, r *http.Request) {
	answer := map[string]conditionReport{}
	code := http.StatusOK
	for _, o := range p.offices {
		found, err := o.desk.Condition(r.Context())
		report := newConditionReport(found)
		if err != nil {
			report.Well, report.Trouble = false, []troubleReport{{Kind: "store", Grave: true}}
		}
		if !report.Well {
			code = http.StatusServiceUnavailable
		}
		answer[o.desk.Profile.Prefix] = report
	}
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, "no answer", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(append(body, '\n'))
}

func (p probe) metrics(w http.ResponseWriter, r *http.Request) {
	var e exposition
	for _, o := range p.offices {
		found, err := o.desk.Condition(r.Context())
		up := 1.0
		if err != nil {
			up = 0
		}
		name := o.desk.Profile.Prefix
		e.add("guichet_store_up", "gauge", "whether the database answers", up, "desk", name)
		if err == nil {
			e.desk(name, found)
		}
		e.histogram("guichet_classify_seconds", "how long recognising a message took, since the program's start", &o.recognised, "desk", name)
	}
	e.process()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(e.bytes())
}

// exposition gathers samples, those of one metric together and in the order given, as the format wants them.
type exposition struct {
	order   []string
	head    map[string]string
	samples map[string][]string
}

// add notes the one sample of a metric with these labels, which are names and values in turn.
func (e *exposition) add(metric, kind, help string, value float64, labels ...string) {
	e.declare(metric, kind, help)
	e.sample(metric, "", value, labels...)
}

// declare says once what a metric is.
func (e *exposition) declare(metric, kind, help string) {
	if e.head == nil {
		e.head, e.samples = map[string]string{}, map[string][]string{}
	}
	if _, known := e.head[metric]; !known {
		e.order = append(e.order, metric)
		e.head[metric] = fmt.Sprintf("# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, kind)
	}
}

// sample notes a sample of a declared metric; suffix is "" but for the parts of a histogram.
func (e *exposition) sample(metric, suffix string, value float64, labels ...string) {
	var b bytes.Buffer
	b.WriteString(metric + suffix)
	for i := 0; i+1 < len(labels); i += 2 {
		b.WriteString([]string{",", "{"}[max(0, 1-i)])
		fmt.Fprintf(&b, `%s="%s"`, labels[i], label(labels[i+1]))
	}
	if len(labels) > 0 {
		b.WriteByte('}')
	}
	fmt.Fprintf(&b, " %g\n", value)
	e.samples[metric] = append(e.samples[metric], b.String())
}

func (e *exposition) bytes() []byte {
	var b bytes.Buffer
	for _, metric := range e.order {
		b.WriteString(e.head[metric])
		for _, s := range e.samples[metric] {
			b.WriteString(s)
		}
	}
	return b.Bytes()
}

// desk adds what one desk tells.
func (e *exposition) desk(name string, found desk.Condition) {
	well := 0.0
	if found.Well() {
		well = 1
	}
	e.add("guichet_well", "gauge", "whether requests come in and answers go out", well, "desk", name)
	for _, h := range found.Trouble {
		e.add("guichet_trouble", "gauge", "what is wrong, by kind and folder", 1, "desk", name, "kind", h.Kind, "folder", h.Folder)
	}
	for _, f := range found.Folders {
		e.add("guichet_folder_checked_seconds", "gauge", "seconds since the last complete look at a folder", found.Now.Sub(f.Checked).Seconds(), "desk", name, "folder", f.Name)
	}
	for _, fate := range slices.Sorted(maps.Keys(found.Fates)) {
		e.add("guichet_messages", "gauge", "messages in the ledger, by what became of them", float64(found.Fates[fate]), "desk", name, "fate", string(fate))
	}
	for _, state := range slices.Sorted(maps.Keys(found.Outbox)) {
		e.add("guichet_outgoing", "gauge", "mails in the outbox, by state", float64(found.Outbox[state]), "desk", name, "state", string(state))
	}
	for _, status := range []string{"open", "triage"} {
		n := 0
		for s, count := range found.Statuses {
			if string(s) == status {
				n = count
			}
		}
		e.add("guichet_cases", "gauge", "cases that are not closed, by status", float64(n), "desk", name, "status", status)
	}
	if len(found.Next) > 0 {
		due := found.Next[0].Due
		if !found.Next[0].Extended.IsZero() {
			due = found.Next[0].Extended
		}
		left := due.In(time.UTC).AddDate(0, 0, 1).Sub(found.Now)
		e.add("guichet_next_due_seconds", "gauge", "seconds until the end of the nearest due date, below zero when it is late", left.Seconds(), "desk", name)
	}
}

// process adds what the program tells of itself.
func (e *exposition) process() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	e.add("guichet_goroutines", "gauge", "goroutines", float64(runtime.NumGoroutine()))
	e.add("guichet_heap_bytes", "gauge", "bytes of live and unswept objects", float64(m.HeapAlloc))
	e.add("guichet_build_info", "gauge", "the version that runs", 1, "version", versionName())
}
