{{ audience_changes(
    contacts='audience_hubspot__contacts',
    key='contact_id',
    cleared={'crm_segments': "''"},
) }}
