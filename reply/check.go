package reply

import "context"

// Check connects and logs in, and takes leave again: no mail is sent. The error is a *SendError.
func (s *Sender) Check(ctx context.Context) error {
	c, err := s.connect(ctx)
	if err != nil {
		return failure(stageConnect, err)
	}
	c.quit()
	return nil
}
