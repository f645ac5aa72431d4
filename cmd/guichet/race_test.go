//go:build race

package main

func init() { interruptEvery = 6 } // the race detector makes every scan ten times slower
