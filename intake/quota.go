package intake

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Quota is a limit set on the account, and how much of it is taken (RFC 9208). Beyond it, mail is turned away.
type Quota struct {
	Folder   string // the first of the folders watched that it holds for
	Root     string // the server's name for it, often ""
	Resource string // "STORAGE", "MESSAGE" or another
	Used     int64  // bytes of STORAGE, else a count
	Limit    int64
}

// quotas asks which limits hold for the folders, each told once. It is the last thing to ask of a session, since
// an odd answer costs the connection: what it does not learn is left out, and never a failure.
func (s *session) quotas(ctx context.Context, folders []FolderReport) []Quota {
	if !s.caps.Has(imap.CapQuota) {
		return nil
	}
	var list []Quota
	for _, f := range folders {
		found, err := s.quota(ctx, f.Name)
		if err != nil {
			s.Log.Debug("the server does not tell the quota", "folder", f.Name, "error", err)
			if !isRefusal(err) {
				break
			}
		}
		for _, q := range found {
			same := func(other Quota) bool { return other.Root == q.Root && other.Resource == q.Resource }
			if !slices.ContainsFunc(list, same) {
				list = append(list, q)
			}
		}
	}
	return list
}

// quota asks which limits hold for a folder.
func (s *session) quota(ctx context.Context, folder string) ([]Quota, error) {
	var told []imapclient.QuotaData
	err := s.do(ctx, "asking for the quota", smallAnswer, func() (err error) {
		told, err = s.client.GetQuotaRoot(folder).Wait()
		return err
	})
	var list []Quota
	for _, data := range told {
		for resource, amount := range data.Resources {
			unit := int64(1)
			if resource == imap.QuotaResourceStorage {
				unit = 1024 // RFC 9208 section 5.1
			}
			most := math.MaxInt64 / unit
			list = append(list, Quota{
				Folder: folder, Root: data.Root, Resource: string(resource),
				Used: min(amount.Usage, most) * unit, Limit: min(amount.Limit, most) * unit,
			})
		}
	}
	slices.SortFunc(list, func(a, b Quota) int {
		return cmp.Or(cmp.Compare(a.Root, b.Root), cmp.Compare(a.Resource, b.Resource))
	})
	return list, err
}
