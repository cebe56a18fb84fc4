{{ audience_changes(
    contacts='audience_moengage__contacts',
    key='customer_id',
    cleared={'crm_segments': "''"},
) }}
