# What a developer types. `.ci/run` runs all of it, as a fresh machine would.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    := 10s

.PHONY: build test lint race e2e fuzz demo man deb

build: ## the program, as ./guichet
	go build -o guichet ./cmd/guichet

test:
	go test ./...

lint:
	@files=$$(gofmt -l .); test -z "$$files" || { echo "gofmt would change: $$files"; exit 1; }
	go vet -tags e2e ./...
	go vet -tags manual ./cmd/guichet
	go run $(STATICCHECK) -tags e2e ./...

race:
	go test -race ./...

e2e: ## needs Dovecot: apt-get install dovecot-core dovecot-imapd dovecot-lmtpd
	go test -count=1 -v -timeout 15m -parallel 6 -tags e2e ./e2e/...

fuzz: ## every fuzz target for a short while
	@go list -f '{{.Dir}}' ./... | while read -r dir; do \
	  cd "$$dir"; \
	  for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' *_test.go 2>/dev/null); do \
	    go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) . || exit 1; \
	  done; \
	done

man: ## manual pages and shell completions, in dist/manual
	go run -tags manual ./cmd/guichet -o dist/manual

deb: ## dist/guichet_*.deb; needs dpkg-dev. packaging/test.sh installs it, on a machine that can be spoilt
	packaging/build.sh

demo: build
	./guichet demo
