{# Where a value may be given up: for every staging model its raw table and key, the keys by which it tells a person, and for
   every column the text that arrived, the value that was kept, and the reason to give when there is text but no value. #}
{% macro value_checks() -%}
    {{- return([
        {'relation': ref('crm_segmentation', 'stg_people__contacts'), 'raw_table': 'raw_contacts', 'key': ['source_system', 'source_contact_id'], 'email_key': crm_segmentation.identifier_key(crm_segmentation.matching_email('email')), 'phone_key': crm_segmentation.identifier_key('phone_line'), 'columns': {
            'email': ('raw_email', 'email', "'not_an_email_address'"),
            'phone': ('raw_phone', 'phone_e164', 'phone_rejection_reason'),
            'birth_date': ('raw_birth_date', 'birth_date', "case when parsed_birth_date is null then 'unreadable' when " ~ crm_segmentation.is_placeholder('cast(parsed_birth_date as ' ~ dbt.type_string() ~ ')', 'birth_date') ~ " then 'placeholder' else 'impossible_birth_date' end"),
            'gender': ('raw_gender', 'gender', "'unknown_gender'"),
            'country': ('raw_country', 'country_code', "'unknown_country'"),
            'language': ('raw_language', 'language_code', "'unknown_language'"),
            'timezone': ('raw_time_zone', 'time_zone', "'unknown_time_zone'"),
            'signed_up_at': ('raw_signed_up_at', 'signed_up_at', crm_segmentation.time_reason('raw_signed_up_at')),
            'updated_at': ('raw_updated_at', 'parsed_updated_at', crm_segmentation.time_reason('raw_updated_at')),
            'deleted_at': ('unreadable_deleted_at', 'cast(null as ' ~ dbt.type_string() ~ ')', "'unreadable'"),
        }},
        {'relation': ref('crm_segmentation', 'int_identity__judged_identifiers'), 'raw_table': 'raw_contact_identifiers', 'key': ['source_system', 'source_contact_id', 'source_identifier_type', 'identifier_value'], 'columns': {
            'identifier_type': ('source_identifier_type', 'case when is_known_type then identifier_type end', "'unknown_identifier_type'"),
            'identifier_value': ('raw_identifier_value', 'identifier_key', 'rejection_reason'),
            'seen_at': ('raw_seen_at', 'seen_at', crm_segmentation.time_reason('raw_seen_at')),
        }},
        {'relation': ref('crm_segmentation', 'stg_people__consents'), 'raw_table': 'raw_consents', 'key': ['source_system', 'source_contact_id', 'channel', 'consent_status', "coalesce(cast(raw_occurred_at as " ~ dbt.type_string() ~ "), '')"], 'columns': {
            'channel': ('raw_channel', 'known_channel', "'unknown_channel'"),
            'consent_status': ('raw_consent_status', 'known_status', "'unknown_status'"),
            'occurred_at': ('raw_occurred_at', 'occurred_at', "'unreadable_or_in_the_future'"),
        }},
        {'relation': ref('crm_segmentation', 'stg_people__contact_tags'), 'raw_table': 'raw_contact_tags', 'key': ['source_system', 'source_contact_id', 'tag', 'tagged_at'], 'columns': {
            'removed_at': ('raw_removed_at', 'parsed_removed_at', crm_segmentation.time_reason('raw_removed_at')),
        }},
        {'relation': ref('crm_segmentation', 'stg_people__contact_attributes'), 'raw_table': 'raw_contact_attributes', 'key': ['provider', "coalesce(source_system, '')", "coalesce(raw_source_contact_id, '')", "coalesce(raw_email, '')", "coalesce(raw_email_sha256, '')", 'attribute_name', 'observed_at'], 'email_key': crm_segmentation.identifier_key(crm_segmentation.matching_email('email')), 'columns': {
            'email': ('raw_email', 'email', "'not_an_email_address'"),
            'email_sha256': ('raw_email_sha256', 'email_sha256', "'not_a_sha256'"),
            'source_contact_id': ('raw_source_contact_id', 'source_contact_id', "'placeholder'"),
        }},
        {'relation': ref('crm_segmentation', 'stg_commerce__orders'), 'raw_table': 'raw_orders', 'key': ['source_system', 'source_order_id'], 'email_key': 'email_key', 'phone_key': 'phone_key', 'columns': {
            'source_contact_id': ('raw_source_contact_id', 'source_contact_id', "'placeholder'"),
            'email': ('raw_email', 'email_key', "'not_an_email_address'"),
            'phone': ('raw_phone', 'phone_key', 'phone_rejection_reason'),
            'order_status': ('raw_order_status', "nullif(order_status, 'unmapped')", "'unmapped_status'"),
            'currency': ('raw_currency', 'currency', "'not_a_currency_code'"),
            'discount_total': ('raw_discount_total', 'discount_total', "'unreadable_or_negative'"),
            'refund_total': ('raw_refund_total', 'refund_total', "'unreadable_or_negative'"),
            'updated_at': ('raw_updated_at', 'parsed_updated_at', crm_segmentation.time_reason('raw_updated_at')),
        }},
        {'relation': ref('crm_segmentation', 'stg_commerce__products'), 'raw_table': 'raw_products', 'key': ['source_product_id'], 'columns': {
            'price': ('raw_price', 'price', "'unreadable_or_negative'"),
        }},
        {'relation': ref('crm_segmentation', 'stg_activity__events'), 'raw_table': 'raw_events', 'key': ['source_system', 'event_id'], 'columns': {
            'source_contact_id': ('raw_source_contact_id', 'source_contact_id', "'placeholder'"),
            'anonymous_id': ('raw_anonymous_id', 'anonymous_id', "'placeholder'"),
            'campaign_id': ('raw_campaign_id', 'campaign_id', "'placeholder'"),
            'source_product_id': ('raw_source_product_id', 'source_product_id', "'placeholder'"),
            'event_value': ('raw_event_value', 'event_value', "'unreadable_or_too_large'"),
            'received_at': ('raw_received_at', 'received_at', crm_segmentation.time_reason('raw_received_at')),
            'properties': ('raw_properties', 'properties', "'not_json'"),
            'channel': ('raw_channel', 'cast(null as ' ~ dbt.type_string() ~ ')', "'unknown_channel'"),
        }},
        {'relation': ref('crm_segmentation', 'stg_activity__campaigns'), 'raw_table': 'raw_campaigns', 'key': ['campaign_id'], 'columns': {
            'channel': ('raw_channel', 'known_channel', "'unknown_channel'"),
            'ended_at': ('raw_ended_at', 'ended_at', crm_segmentation.time_reason('raw_ended_at')),
            'cost': ('raw_cost', 'campaign_cost', "'unreadable_or_negative'"),
            'currency': ('raw_currency', 'currency', "'not_a_currency_code'"),
        }},
    ]) -}}
{%- endmacro %}


{# One row per value given up: one pass finds the rows, then each is laid out by column. #}
{% macro unusable_values(relation, raw_table, key, columns, email_key=none, phone_key=none) -%}
    {%- set key_parts = [] -%}
    {%- for part in key -%}
        {%- do key_parts.append(crm_segmentation.text_of(part)) -%}
    {%- endfor %}
    {%- set no_key = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
    {%- set names_a_contact = raw_table not in ['raw_products', 'raw_campaigns'] -%}

    with

    staged as (

        select * from {{ relation }}

        where
            {%- for column, (raw_value, kept_value, reason) in columns.items() %}
            {{ 'or ' if not loop.first }}({{ raw_value }} is not null and {{ kept_value }} is null)
            {%- endfor %}

    ),

    checked_columns as (

        {%- for column in columns %}
        select '{{ column }}' as column_name{{ ' union all' if not loop.last }}
        {%- endfor %}

    )

    select
        '{{ raw_table }}' as raw_table,
        {{ crm_segmentation.joined_texts(key_parts, "' / '") }} as row_key,
        {{ crm_segmentation.hashed_key(['source_system', 'source_contact_id']) if names_a_contact else no_key }} as record_id,
        {{ email_key or no_key }} as email_key,
        {{ phone_key or no_key }} as phone_key,
        checked_columns.column_name,
        case checked_columns.column_name
            {%- for column, (raw_value, kept_value, reason) in columns.items() %}
            when '{{ column }}' then {{ crm_segmentation.text_of(raw_value) }}
            {%- endfor %}
        end as raw_value,
        case checked_columns.column_name
            {%- for column, (raw_value, kept_value, reason) in columns.items() %}
            when '{{ column }}' then {{ reason }}
            {%- endfor %}
        end as reason

    from staged

    inner join checked_columns
        on
            {%- for column, (raw_value, kept_value, reason) in columns.items() %}
            {{ 'or ' if not loop.first }}(checked_columns.column_name = '{{ column }}' and {{ raw_value }} is not null and {{ kept_value }} is null)
            {%- endfor %}
{%- endmacro %}
