-- What erased people wrote is emptied before it is read.
-- depends_on: {{ ref('crm_segmentation', 'int_identity__erased_visitors') }}

with
{%- for check in value_checks() %}

unusable_in_{{ check.raw_table }} as (

    {{ unusable_values(**check) }}

),
{%- endfor %}

rejected as (

    {%- for check in value_checks() %}

    select * from unusable_in_{{ check.raw_table }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

erased_identifiers as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_identifiers') }}

),

-- Of an erased person the value is counted and no longer told.
judged as (

    select
        rejected.*,
        coalesce(erased_records.record_id, erased_emails.identifier_key, erased_phones.identifier_key) is not null as is_erased

    from rejected

    left join erased_records on rejected.record_id = erased_records.record_id

    left join erased_identifiers as erased_emails
        on erased_emails.identifier_type = 'email' and {{ remembered_key('rejected.email_key') }} = erased_emails.identifier_key

    left join erased_identifiers as erased_phones
        on erased_phones.identifier_type = 'phone' and {{ remembered_key('rejected.phone_key') }} = erased_phones.identifier_key

),

rejected_values as (

    select distinct
        cast({{ hashed_key(['raw_table', 'row_key', 'column_name']) }} as {{ dbt.type_string() }}) as rejected_value_id,
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(case when is_erased then 'erased' else row_key end as {{ dbt.type_string() }}) as row_key,
        cast(column_name as {{ dbt.type_string() }}) as column_name,
        cast(case when is_erased then 'erased' else raw_value end as {{ dbt.type_string() }}) as raw_value,
        cast(reason as {{ dbt.type_string() }}) as reason

    from judged

)

select * from rejected_values
