{{ audience_changes(
    contacts='audience_mailchimp__contacts',
    key='subscriber_hash',
    kept=['contact_id'],
    cleared={'tags': "'[]'"},
) }}
