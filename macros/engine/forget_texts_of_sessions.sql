{# Post-hook of int_contacts__sessions: what erased people read goes, from sessions that were built before too. #}
{% macro forget_texts_of_sessions() -%}
    {{ return(adapter.dispatch('forget_texts_of_sessions', 'crm_segmentation')()) }}
{%- endmacro %}


{# Delta Lake takes no subquery in an update. #}
{% macro default__forget_texts_of_sessions() -%}
    merge into {{ this }} as sessions
    using (
        select distinct contact_id
        from {{ ref('crm_segmentation', 'int_identity__assignments') }}
        where is_erased
    ) as erased_contacts
        on sessions.contact_id = erased_contacts.contact_id
    when matched and coalesce(sessions.first_page_path, sessions.last_page_path, sessions.campaign_id) is not null
        then update set first_page_path = null, last_page_path = null, campaign_id = null
{%- endmacro %}


{# A DuckLake fails on that merge in the transaction that makes the table (Out of buffer). #}
{% macro duckdb__forget_texts_of_sessions() -%}
    update {{ this }}
    set first_page_path = null, last_page_path = null, campaign_id = null
    where
        coalesce(first_page_path, last_page_path, campaign_id) is not null
        and contact_id in (select contact_id from {{ ref('crm_segmentation', 'int_identity__assignments') }} where is_erased)
{%- endmacro %}
