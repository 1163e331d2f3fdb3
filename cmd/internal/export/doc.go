// Package export writes held log lines to a file that is passed on: a head that says which lines they are, by which exact
// question, and then the lines of a window as JSON, oldest first, each once.
//
// It promises that no line is without masks and that nothing in the file can command a terminal. It owns no goroutine.
//
// # Why
//
// The lines come from whoever holds them, a runner perhaps on another machine, and the file is made where the person
// sits: what the runner would write belongs to the runner's account. So writing lines ([Lines]) and writing the file
// ([File]) are apart, and the console writes the head, because the head says what the console showed.
package export
