package haproxyserver

import (
	"fmt"
	"strings"

	"rampart/sources/demo/world"
)

// setServer answers `set server b/s weight|state|health ...`.
func setServer(_ *session, w *world.World, args []string) string {
	s, complaint := find(w, args)
	if s == nil {
		return complaint
	}
	verb := ""
	if len(args) > 1 {
		verb = args[1]
	}
	switch verb {
	case "weight":
		return weigh(w, s, args[2:])
	case "state":
		return setState(w, s, args[2:])
	case "health":
		return setHealth(args[2:])
	case "agent":
		return "agent checks are not enabled on this server.\n\n"
	}
	return "usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send | check-addr | check-port | fqdn | health | ssl | state | weight\n\n"
}

func setState(w *world.World, s *world.Server, args []string) string {
	admins := map[string]world.Admin{"ready": world.AdminReady, "drain": world.AdminDrain, "maint": world.AdminMaint}
	if len(args) > 0 {
		if a, ok := admins[args[0]]; ok {
			w.Router().SetAdmin(s, a, w.Now())
			return "\n"
		}
	}
	return "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n"
}

// setHealth accepts what the real program does; the next check of the demo's servers, at most two seconds later, tells the truth again.
func setHealth(args []string) string {
	if len(args) > 0 && (args[0] == "up" || args[0] == "stopping" || args[0] == "down") {
		return "\n"
	}
	return "'set server <srv> health' expects 'up', 'stopping', or 'down'.\n\n"
}

// ask answers the old verbs enable and disable.
func ask(w *world.World, args []string, a world.Admin) string {
	s, complaint := find(w, args)
	if s == nil {
		return complaint
	}
	w.Router().SetAdmin(s, a, w.Now())
	return "\n"
}

const stateHeader = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status " +
	"srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port " +
	"srv_check_addr srv_agent_addr srv_agent_port\n"

func showServersState(_ *session, w *world.World, args []string) string {
	r := w.Router()
	if len(args) > 0 && args[0] != r.Backend {
		return "Can't find backend.\n\n"
	}
	var b strings.Builder
	b.WriteString(stateHeader)
	for _, s := range r.Servers() {
		// op: 0 stopped, 1 starting (warming up), 2 running; admin: 1 maintenance, 8 drain.
		op, admin := 0, map[world.Admin]int{world.AdminMaint: 1, world.AdminDrain: 8}[s.Admin]
		if s.Up {
			op = 2
			if _, warming := r.Throttle(s, w.Now()); warming {
				op = 1
			}
		}
		// check: 15 is L7OK with result 3 (passed), 8 is L4CON with result 2 (failed); state 6 is enabled and configured, 14 paused besides.
		status, result, check := 15, 3, 6
		if !s.Alive {
			status, result = 8, 2
		}
		if s.Admin == world.AdminMaint {
			check = 14
		}
		fmt.Fprintf(&b, "%d %s %d %s 127.0.0.1 %d %d %d %d %d %d %d %d %d 0 0 0 - %d - 0 0 - - 0\n", backendID, r.Backend, s.ID, s.Name, op, admin,
			s.Weight, s.FileWeight, int(w.Now().Sub(s.Changed).Seconds()), status, result, s.Health, check, s.Port)
	}
	b.WriteString("\n")
	return b.String()
}
