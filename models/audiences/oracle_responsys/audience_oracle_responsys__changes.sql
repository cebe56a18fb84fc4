{{ audience_changes(
    contacts='audience_oracle_responsys__contacts',
    key='customer_id_',
    cleared={'segments': "''"},
) }}
